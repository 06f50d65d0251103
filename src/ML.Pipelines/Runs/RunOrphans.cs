using ML.Pipelines.Runs.Stores;

namespace ML.Pipelines.Runs;

/// <summary>Files in a run's store that no run needs.</summary>
public static class RunOrphans
{
    private static readonly string[] Kinds = ["data", "evidence", "attempts", "quarantine"];

    /// <summary>Finds half-written files, shards that the plan does not have, and journals of sealed shards.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="delete">Whether they are removed, too.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Output"/>: a process works there, so what is half-written is its.</exception>
    public static IReadOnlyList<StoredFile> Find(RunFolder folder, bool delete)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var plan = RunPlan.Read(folder.Store);
        return folder.WhileNobodyWorks(folder.SliceCount ?? 1, () =>
        {
            var orphans = Orphans(folder.Store, plan);
            if (delete)
                foreach (var orphan in orphans) folder.Store.Delete(orphan.Name);
            return orphans;
        });
    }

    private static List<StoredFile> Orphans(IRunStore store, RunPlan plan)
    {
        var planned = plan.Shards.Select(shard => shard.Name).ToHashSet(StringComparer.Ordinal);
        var sealedShards = Manifest.Read(store).Select(entry => entry.Shard).ToHashSet(StringComparer.Ordinal);
        var journals = RunFolder.JournalName("");
        return
        [
            .. store.Leftovers(),
            .. Kinds.SelectMany(kind => store.List(kind + "/").Where(file => !planned.Contains(ShardOf(file.Name, kind + "/")))),
            .. store.List(journals).Where(file => sealedShards.Contains(ShardOf(file.Name, journals))),
        ];
    }

    // data/part-00000.parquet and .mlpipe/journals/part-00000.sqlite-wal are of part-00000.
    private static string ShardOf(string name, string prefix) => name[prefix.Length..].Split('.', '/')[0];
}
