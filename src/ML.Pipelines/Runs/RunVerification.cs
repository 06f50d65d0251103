namespace ML.Pipelines.Runs;

/// <summary>Checks a finished run's files against its plan and manifest.</summary>
public static class RunVerification
{
    /// <summary>Reads every shard.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="format">The format of its shards.</param>
    /// <param name="hasEvidence">Whether its shards have evidence.</param>
    /// <returns>What is wrong, a sentence each; nothing where all is well.</returns>
    /// <exception cref="PipelineException">There is no run, or its plan or manifest is damaged.</exception>
    public static IReadOnlyList<string> Check(RunFolder folder, IShardFormat format, bool hasEvidence)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(format);
        var plan = RunPlan.Read(folder.Store);
        var entries = Manifest.Read(folder.Store).ToDictionary(entry => entry.Shard, StringComparer.Ordinal);
        var faults = new List<string>();
        foreach (var shard in plan.Shards)
        {
            if (entries.Remove(shard.Name, out var entry)) faults.AddRange(Check(folder, format, plan, shard, entry, hasEvidence));
            else faults.Add($"Shard {shard.Name} is not sealed.");
        }
        faults.AddRange(entries.Keys.Order(StringComparer.Ordinal).Select(name => $"{Manifest.FileName} lists {name}, which is not in the plan."));
        return faults;
    }

    private static IEnumerable<string> Check(
        RunFolder folder, IShardFormat format, RunPlan plan, PlanShard shard, ManifestEntry entry, bool hasEvidence)
    {
        if (entry.RowsIn != shard.Rows) yield return $"Shard {shard.Name}: the plan has {shard.Rows} rows, the manifest {entry.RowsIn}.";
        if (entry.RowsIn != entry.RowsKept + entry.Dropped.Values.Sum() + entry.Quarantined)
            yield return $"Shard {shard.Name}: {entry.RowsIn} rows in, but {entry.RowsKept} kept, {entry.Dropped.Values.Sum()} dropped and "
                + $"{entry.Quarantined} quarantined.";
        if (entry.SchemaHash != plan.SchemaHash) yield return $"Shard {shard.Name} has other columns than the plan.";
        if (CheckData(folder, format, plan, entry) is { } fault) yield return fault;
        if (entry.Quarantined > 0 && CheckFile(folder, format, plan, "quarantine", shard.Name, entry.Quarantined) is { } quarantine) yield return quarantine;
        if (entry.Attempts is { } attempts
            && CheckFile(folder, format, plan, "attempts", shard.Name, attempts.Values.Sum(stage => stage.Attempts)) is { } tried) yield return tried;
        if (hasEvidence && CheckFile(folder, format, plan, "evidence", shard.Name, entry.Steps?.Values.Sum(steps => steps.Total) ?? 0) is { } evidence)
            yield return evidence;
    }

    private static string? CheckData(RunFolder folder, IShardFormat format, RunPlan plan, ManifestEntry entry)
    {
        var name = RunFolder.Name("data", entry.Shard, format.Extension);
        if (folder.Store.Length(name) is null) return $"'{folder.Store.Describe(name)}' is not there.";
        var (bytes, hash) = ShardSealer.Measure(folder.Store.Fetch(name));
        return bytes != entry.Bytes || hash != entry.Sha256
            ? $"'{folder.Store.Describe(name)}' is not the sealed file: {bytes} bytes with SHA-256 {hash}, sealed were {entry.Bytes} with {entry.Sha256}."
            : CheckFile(folder, format, plan, "data", entry.Shard, entry.RowsOut);
    }

    private static string? CheckFile(RunFolder folder, IShardFormat format, RunPlan plan, string kind, string shard, long rows)
    {
        var name = RunFolder.Name(kind, shard, format.Extension);
        var path = folder.Store.Describe(name);
        if (folder.Store.Length(name) is null) return $"'{path}' is not there.";
        try
        {
            var footer = format.ReadFooter(folder.Store.Fetch(name));
            if (footer.Rows != rows) return $"'{path}' has {footer.Rows} rows, sealed were {rows}.";
            return footer.Entries.GetValueOrDefault("mlpipelines.plan") == plan.Fingerprint ? null : $"'{path}' is of another run.";
        }
        catch (PipelineException fault) when (fault.Code == ErrorCode.DamagedFile)
        {
            return fault.Message;
        }
    }
}
