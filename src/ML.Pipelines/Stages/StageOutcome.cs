using ML.Pipelines.Rewriting;

namespace ML.Pipelines.Stages;

/// <summary>What became of one row: kept as any number of rows, dropped with a reason, or quarantined with an error.</summary>
/// <typeparam name="TOut">The row a stage writes.</typeparam>
public readonly struct StageOutcome<TOut>
{
    /// <summary>The reason that a row which became no row is counted under.</summary>
    internal const string NoRows = "no-rows";

    private readonly IReadOnlyList<TOut>? _rows;

    private StageOutcome(IReadOnlyList<TOut>? rows, string? reason, RowError? error)
    {
        _rows = rows;
        DropReason = reason;
        Error = error;
    }

    /// <summary>The rows it became; empty unless kept.</summary>
    public IReadOnlyList<TOut> Rows => _rows ?? [];

    /// <summary>What a teacher tried for the row, in order; goes to the run's evidence, whatever became of the row.</summary>
    public IReadOnlyList<AttemptEvidence> Attempts { get => field ?? []; private init; }

    /// <summary>Whether the row stays; false for dropped and quarantined rows and for a default value, which is no outcome.</summary>
    internal bool IsKept => _rows is not null;

    /// <summary>Why it was dropped; null unless dropped.</summary>
    public string? DropReason { get; }

    /// <summary>Why it is quarantined; null unless quarantined.</summary>
    public RowError? Error { get; }

    /// <summary>The same with what was tried.</summary>
    public StageOutcome<TOut> With(IReadOnlyList<AttemptEvidence> attempts) => this with { Attempts = attempts };

    /// <summary>The row stays, as one row.</summary>
    public static StageOutcome<TOut> Kept(TOut row) => new([row], null, null);

    /// <summary>The row stays, as several rows. Where there are none, it is dropped as <c>no-rows</c>.</summary>
    public static StageOutcome<TOut> Kept(IReadOnlyList<TOut> rows) => new(rows, null, null);

    /// <summary>The row is left out on purpose.</summary>
    /// <param name="reason">A short kebab-case reason, counted in the manifest.</param>
    public static StageOutcome<TOut> Dropped(string reason) => new(null, reason, null);

    /// <summary>The row cannot be processed.</summary>
    public static StageOutcome<TOut> Quarantined(RowError error) => new(null, null, error);
}
