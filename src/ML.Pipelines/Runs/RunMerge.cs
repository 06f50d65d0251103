namespace ML.Pipelines.Runs;

/// <summary>The fan-in of a run: one manifest in the plan's order once all shards are sealed.</summary>
public static class RunMerge
{
    /// <summary>Checks that all shards are sealed and their files there, and writes the final manifest and the data card.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="format">The format of its shards.</param>
    /// <returns>The totals of the run.</returns>
    /// <exception cref="PipelineException"><see cref="ErrorCode.NotFinished"/>: shards are not sealed yet;
    /// <see cref="ErrorCode.DamagedFile"/>: a sealed shard's file is not there; <see cref="ErrorCode.Output"/>: a worker still works.</exception>
    public static RunTotals Merge(RunFolder folder, IShardFormat format)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(format);
        var plan = RunPlan.Read(folder.Store);
        using var held = folder.Lock(RunSlice.Whole);
        folder.Divide(RunSlice.Whole);
        folder.Sweep();
        var entries = Manifest.Read(folder.Store);
        var hasEvidence = folder.Store.List("evidence/").Any();
        var totals = entries.Aggregate(RunTotals.Zero, (sum, entry) => sum.Add(ShardTotals.OfSealed(entry, folder, format, hasEvidence)));
        Finish(folder, plan);
        return totals;
    }

    /// <summary>Ends a run whose shards are all sealed.</summary>
    internal static void Finish(RunFolder folder, RunPlan plan)
    {
        var entries = Manifest.Read(folder.Store).ToDictionary(entry => entry.Shard, StringComparer.Ordinal);
        var missing = plan.Shards.Where(shard => !entries.ContainsKey(shard.Name)).Select(shard => shard.Name).ToArray();
        if (missing.Length > 0) throw Unfinished(folder, plan, missing);
        var ordered = plan.Shards.Select(shard => entries[shard.Name]).ToArray();
        Manifest.Finish(folder.Store, ordered);
        DataCard.Write(folder.Store, plan, ordered);
        // Fit's, and those of shards whose process died between the manifest's line and its journal.
        foreach (var journal in folder.Store.List(RunFolder.JournalName("")).ToArray()) folder.Store.Delete(journal.Name);
    }

    private static PipelineException Unfinished(RunFolder folder, RunPlan plan, string[] missing) => new(ErrorCode.NotFinished,
        $"'{folder.Store.Location}': {missing.Length} of {plan.Shards.Count} shards are not sealed yet ({string.Join(", ", missing.Take(5))}"
            + $"{(missing.Length > 5 ? ", …" : "")}). Run their slices again, then merge.");
}
