using ML.Pipelines.Data;

namespace ML.Pipelines.Runs;

/// <summary>What a run will ask of its models, projected from a sample of its rows.</summary>
/// <param name="SampledRows">The rows that were looked at; with all of them, the figures are exact.</param>
/// <param name="Models">Calls and tokens by the model's name in the job; tokens that a model writes are the most that it may write.</param>
public sealed record PlanEstimate(long SampledRows, IReadOnlyDictionary<string, ModelUsage> Models)
{
    /// <summary>The most trainings that the run makes before its first shard; null: it makes none.</summary>
    public int? MostTrainings { get; init; }

    private const int Blocks = 16;
    private const int BlockRows = 4;

    /// <summary>Estimates from blocks of rows spread evenly over the source; the same rows give the same estimate.</summary>
    /// <param name="source">The rows of the run.</param>
    /// <param name="measure">What the chain would ask of models for some rows, by model, without asking them.</param>
    internal static PlanEstimate Of(RecordDataView source, Func<RecordDataView, IReadOnlyDictionary<string, ModelUsage>> measure)
    {
        var rows = source.SourceRowCount;
        var sums = new SortedDictionary<string, ModelUsage>(StringComparer.Ordinal);
        long sampled = 0;
        foreach (var (first, count) in Sample(rows))
        {
            sampled += count;
            foreach (var (model, used) in measure(source.Slice(first, count)))
                sums[model] = sums.GetValueOrDefault(model, ModelUsage.Zero).Add(used);
        }
        long Project(long sum) => (long)Math.Ceiling((decimal)sum * rows / sampled);
        return new(sampled, sums.ToDictionary(
            model => model.Key,
            model => new ModelUsage(Project(model.Value.Calls), Project(model.Value.InputTokens), Project(model.Value.OutputTokens)),
            StringComparer.Ordinal));
    }

    private static IEnumerable<(long First, long Count)> Sample(long rows)
    {
        if (rows == 0) return [];
        return rows <= Blocks * BlockRows ? [(0, rows)] : Enumerable.Range(0, Blocks).Select(block => (rows * block / Blocks, (long)BlockRows));
    }
}
