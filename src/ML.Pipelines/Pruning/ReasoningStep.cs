using ML.Pipelines.Text;

namespace ML.Pipelines.Pruning;

/// <summary>A step of a chain of thought and what is known of it so far; later stages fill in more.</summary>
/// <param name="Start">The first UTF-16 offset in the reasoning.</param>
/// <param name="End">The offset after the last.</param>
public sealed record ReasoningStep(int Start, int End)
{
    /// <summary>The category; null before classification.</summary>
    public StepCategory? Category { get; init; }

    /// <summary>The phrase that decided the category; null where none did.</summary>
    public string? Marker { get; init; }

    /// <summary>For an error correction, the index of the step with the mistake, where known.</summary>
    public int? RelatesTo { get; init; }

    /// <summary>The scorer's tokens in the step; null before pruning.</summary>
    public int? Tokens { get; init; }

    /// <summary>Importance in nats per answer token (LIMOPro Eq. 3); null where not scored.</summary>
    public double? Importance { get; init; }

    /// <summary>The rank by importance among the candidates of its group, 1 = lowest; null where not scored.</summary>
    public int? Rank { get; init; }

    /// <summary>The importance of the group's highest-ranked marked step (per solution), or the corpus threshold, below which steps
    /// go; null where the group removes none or needs no score.</summary>
    public double? Threshold { get; init; }

    /// <summary>What became of the step; null before pruning.</summary>
    public StepDecision? Decision { get; init; }

    /// <summary>Why a guard kept the step or why it has no score; null otherwise.</summary>
    public string? Note { get; init; }

    /// <summary>The step's place in the reasoning.</summary>
    public TextSpan Span => new(Start, End);
}

/// <summary>What became of a step.</summary>
public enum StepDecision
{
    /// <summary>It stays: progressive, or important enough.</summary>
    Kept = 0,

    /// <summary>It is cut out.</summary>
    Removed = 1,

    /// <summary>A guard keeps it; see the note.</summary>
    Guarded = 2,

    /// <summary>It is functional but could not be scored, so it stays; see the note.</summary>
    Unscored = 3,
}
