using System.Security.Cryptography;
using Microsoft.ML;
using ML.Pipelines.Pruning;
using ML.Pipelines.Rewriting;

namespace ML.Pipelines.Runs;

/// <summary>
/// Writes a shard's files: staged, flushed, re-opened and counted, then named; the manifest's line comes after them and the journal goes
/// last. A crash before that line leaves a shard that is made again from its journal; nothing at a final name is ever partial.
/// </summary>
/// <param name="folder">The run's files.</param>
/// <param name="plan">The plan.</param>
/// <param name="format">The shards' format.</param>
/// <param name="slice">Whose manifest gets the lines.</param>
/// <param name="throwIfLost">
/// Throws when the lock is lost: another may seal the same shard then, and a second line would damage the manifest.
/// </param>
internal sealed class ShardSealer(RunFolder folder, RunPlan plan, IShardFormat format, RunSlice slice, Action throwIfLost)
{
    /// <summary>Seals a shard that is whole; a run that is stopped meanwhile still does.</summary>
    public void Seal(FinishedShard finished)
    {
        var (shard, totals, pending) = (finished.Shard, finished.Totals, new List<string>());
        if (finished.Evidence is { } evidence) pending.Add(Write("evidence", shard, evidence, null));
        if (finished.Attempts.Count > 0) pending.Add(Write("attempts", shard, AttemptTable.ToDataView(finished.Attempts), finished.Attempts.Count));
        if (finished.Quarantine.Count > 0) pending.Add(Write("quarantine", shard, QuarantinedRow.ToDataView([.. finished.Quarantine]), finished.Quarantine.Count));
        pending.Add(Write("data", shard, finished.Data, totals.RowsOut));
        var (bytes, hash) = Measure(folder.Store.Stage(pending[^1]));
        throwIfLost();
        foreach (var name in pending) folder.Store.Commit(name);
        throwIfLost();
        Manifest.Append(folder.Store, slice, Entry(shard, totals, bytes, hash));
        folder.Store.DeleteJournal(RunFolder.JournalName(shard.Name));
    }

    private string Write(string kind, PlanShard shard, IDataView rows, long? expected)
    {
        var name = RunFolder.Name(kind, shard.Name, format.Extension);
        var staged = folder.Store.Stage(name);
        format.Write(rows, staged, Footer(kind, shard), CancellationToken.None);
        var written = format.ReadFooter(staged).Rows;
        if ((expected ?? rows.GetRowCount()) is { } count && written != count)
            throw new PipelineException(ErrorCode.Invariant, $"'{staged}' has {written} rows after writing {count}. Check the disk; "
                + "the run can be started again.");
        return name;
    }

    private Dictionary<string, string> Footer(string kind, PlanShard shard) => new(StringComparer.Ordinal)
    {
        ["mlpipelines.plan"] = plan.Fingerprint,
        ["mlpipelines.shard"] = $"{kind}/{shard.Name}",
        ["mlpipelines.schema"] = kind == "data" ? plan.SchemaHash : kind,
        ["mlpipelines.version"] = plan.Version,
    };

    internal static (long Bytes, string Sha256) Measure(string path)
    {
        using var stream = File.OpenRead(path);
        return (stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }

    private ManifestEntry Entry(PlanShard shard, RunTotals totals, long bytes, string hash) => new()
    {
        Shard = shard.Name,
        RowsIn = totals.RowsIn,
        RowsKept = totals.RowsKept,
        RowsOut = totals.RowsOut,
        Dropped = totals.Dropped,
        Quarantined = totals.Quarantined.Values.Sum(),
        Bytes = bytes,
        Sha256 = hash,
        SchemaHash = plan.SchemaHash,
        TokensBefore = totals.TokensBefore,
        TokensAfter = totals.TokensAfter,
        Errors = totals.Quarantined.Count > 0 ? totals.Quarantined : null,
        PartsLost = totals.PartsLost.Count > 0 ? totals.PartsLost : null,
        Steps = totals.Steps.Count > 0 ? totals.Steps.ToDictionary(steps => StepNames.Of(steps.Key), steps => steps.Value) : null,
        Usage = totals.Usage.Count > 0 ? totals.Usage : null,
        Attempts = totals.Attempts.Count > 0 ? totals.Attempts : null,
    };
}

/// <summary>A shard with all its rows, in memory.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Data">Its data.</param>
/// <param name="Evidence">Its steps; null where the chain makes none.</param>
/// <param name="Attempts">What teachers tried.</param>
/// <param name="Quarantine">Its quarantined rows.</param>
/// <param name="Totals">Its counts.</param>
internal sealed record FinishedShard(
    PlanShard Shard, IDataView Data, IDataView? Evidence, IReadOnlyList<AttemptEvidence> Attempts, IReadOnlyCollection<QuarantinedRow> Quarantine,
    RunTotals Totals);
