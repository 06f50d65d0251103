namespace ML.Pipelines.Runs;

/// <summary>How far a run is.</summary>
/// <param name="Shards">Shards of the plan.</param>
/// <param name="Rows">Rows of the plan.</param>
/// <param name="ShardsSealed">Sealed shards.</param>
/// <param name="Totals">What became of the sealed shards' rows.</param>
/// <param name="Working">The slices that a process works on now.</param>
/// <param name="Waiting">The slices with shards left that no process works on.</param>
/// <param name="IsFinished">Whether the final manifest is written.</param>
/// <param name="Cost">What the calls of the sealed shards cost; null, which is unknown, where a called model has no price.</param>
public sealed record RunStatus(
    int Shards, long Rows, int ShardsSealed, RunTotals Totals, IReadOnlyList<RunSlice> Working, IReadOnlyList<RunSlice> Waiting, bool IsFinished,
    decimal? Cost)
{
    /// <summary>Looks at a run without disturbing it.</summary>
    /// <exception cref="PipelineException">There is no run, or its plan or manifest is damaged.</exception>
    public static RunStatus Read(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var plan = RunPlan.Read(folder.Store);
        var entries = Manifest.Read(folder.Store);
        var done = entries.Select(entry => entry.Shard).ToHashSet(StringComparer.Ordinal);
        var count = folder.SliceCount ?? 1;
        var slices = Enumerable.Range(1, count).Select(number => new RunSlice(number, count)).ToLookup(folder.IsWorking);
        bool HasWork(RunSlice slice) => plan.Shards.Where((shard, index) => slice.Holds(index) && !done.Contains(shard.Name)).Any();
        var totals = entries.Aggregate(RunTotals.Zero, (sum, entry) => sum.Add(ShardTotals.Of(entry)));
        return new(plan.Shards.Count, plan.Rows, done.Count, totals, [.. slices[true]], [.. slices[false].Where(HasWork)],
            folder.Store.Length(DataCard.FileName) is not null, ModelUsage.Cost(totals.Usage, plan.Prices));
    }
}
