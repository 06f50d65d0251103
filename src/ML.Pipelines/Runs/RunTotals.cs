using ML.Pipelines.Text;

namespace ML.Pipelines.Runs;

/// <summary>What became of the rows, tokens and steps of a run or of one shard.</summary>
public sealed record RunTotals
{
    /// <summary>No rows.</summary>
    public static RunTotals Zero { get; } = new();

    /// <summary>Rows read, unreadable ones included: RowsKept + all dropped + all quarantined.</summary>
    public long RowsIn { get; init; }

    /// <summary>Input rows that stayed: at least one output row comes from each.</summary>
    public long RowsKept { get; init; }

    /// <summary>Output rows: more than <see cref="RowsKept"/> where a stage makes several of one.</summary>
    public long RowsOut { get; init; }

    /// <summary>Dropped rows by reason.</summary>
    public IReadOnlyDictionary<string, long> Dropped { get; init; } = new SortedDictionary<string, long>(StringComparer.Ordinal);

    /// <summary>Quarantined rows by error code.</summary>
    public IReadOnlyDictionary<string, long> Quarantined { get; init; } = new SortedDictionary<string, long>(StringComparer.Ordinal);

    /// <summary>
    /// Parts of kept rows that left, by drop reason or error code, where a stage made several of a row; empty where all stayed. They are
    /// rows of the stages between and count for none of the other numbers.
    /// </summary>
    public IReadOnlyDictionary<string, long> PartsLost { get; init; } = new SortedDictionary<string, long>(StringComparer.Ordinal);

    /// <summary>Tokens of the kept rows' chains before.</summary>
    public long TokensBefore { get; init; }

    /// <summary>Tokens of the kept rows' chains after.</summary>
    public long TokensAfter { get; init; }

    /// <summary>Steps of the kept rows by category.</summary>
    public IReadOnlyDictionary<StepCategory, StepTotals> Steps { get; init; } = new SortedDictionary<StepCategory, StepTotals>();

    /// <summary>What the calls of models took, by the model's name in the job.</summary>
    public IReadOnlyDictionary<string, ModelUsage> Usage { get; init; } = new SortedDictionary<string, ModelUsage>(StringComparer.Ordinal);

    /// <summary>What teachers tried to shorten chains, by stage and rate.</summary>
    public IReadOnlyDictionary<string, AttemptTotals> Attempts { get; init; } = new SortedDictionary<string, AttemptTotals>(StringComparer.Ordinal);

    /// <summary>The sum of two.</summary>
    public RunTotals Add(RunTotals other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new()
        {
            RowsIn = RowsIn + other.RowsIn,
            RowsKept = RowsKept + other.RowsKept,
            RowsOut = RowsOut + other.RowsOut,
            Dropped = Sum(Dropped, other.Dropped, (a, b) => a + b),
            Quarantined = Sum(Quarantined, other.Quarantined, (a, b) => a + b),
            PartsLost = Sum(PartsLost, other.PartsLost, (a, b) => a + b),
            TokensBefore = TokensBefore + other.TokensBefore,
            TokensAfter = TokensAfter + other.TokensAfter,
            Steps = Sum(Steps, other.Steps, (a, b) => a.Add(b)),
            Usage = Sum(Usage, other.Usage, (a, b) => a.Add(b)),
            Attempts = Sum(Attempts, other.Attempts, (a, b) => a.Add(b)),
        };
    }

    private static SortedDictionary<TKey, TValue> Sum<TKey, TValue>(
        IReadOnlyDictionary<TKey, TValue> a, IReadOnlyDictionary<TKey, TValue> b, Func<TValue, TValue, TValue> add) where TKey : notnull
    {
        var sum = new SortedDictionary<TKey, TValue>(typeof(TKey) == typeof(string) ? (IComparer<TKey>)StringComparer.Ordinal : null);
        foreach (var (key, value) in a.Concat(b)) sum[key] = sum.TryGetValue(key, out var known) ? add(known, value) : value;
        return sum;
    }
}

/// <summary>What became of the steps of one category.</summary>
/// <param name="Total">All steps.</param>
/// <param name="Removed">Removed steps.</param>
/// <param name="Guarded">Steps that a guard kept.</param>
/// <param name="Unscored">Functional steps that could not be scored.</param>
public sealed record StepTotals(long Total, long Removed, long Guarded, long Unscored)
{
    /// <summary>The sum of two.</summary>
    public StepTotals Add(StepTotals other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new(Total + other.Total, Removed + other.Removed, Guarded + other.Guarded, Unscored + other.Unscored);
    }
}
