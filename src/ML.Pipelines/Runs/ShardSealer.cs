using System.Security.Cryptography;
using Microsoft.ML;

namespace ML.Pipelines.Runs;

/// <summary>
/// Writes a shard's files: temporary name, flush, re-open and count, rename; the manifest's line comes last. A crash before that line
/// leaves a shard that is made again; nothing at a final name is ever partial.
/// </summary>
internal sealed class ShardSealer(RunFolder folder, RunPlan plan, IShardFormat format)
{
    public void Seal(PlanShard shard, IDataView data, IDataView? evidence, IReadOnlyCollection<QuarantinedRow> quarantine, RunTotals totals, CancellationToken token)
    {
        var pending = new List<(string Temporary, string Final)>();
        if (evidence is not null) pending.Add(Write("evidence", shard, evidence, null, token));
        if (quarantine.Count > 0) pending.Add(Write("quarantine", shard, QuarantinedRow.ToDataView([.. quarantine]), quarantine.Count, token));
        var file = Write("data", shard, data, totals.RowsOut, token);
        pending.Add(file);
        var (bytes, hash) = Measure(file.Temporary);
        foreach (var (temporary, final) in pending) File.Move(temporary, final, overwrite: true);
        Manifest.Append(folder.Path, Entry(shard, totals, bytes, hash));
    }

    private (string Temporary, string Final) Write(string kind, PlanShard shard, IDataView rows, long? expected, CancellationToken token)
    {
        var final = folder.File(kind, shard.Name, format.Extension);
        var temporary = final + AtomicFile.TemporarySuffix;
        format.Write(rows, temporary, Footer(kind, shard), token);
        var written = format.ReadFooter(temporary).Rows;
        if ((expected ?? rows.GetRowCount()) is { } count && written != count)
            throw new PipelineException(ErrorCode.Invariant, $"'{temporary}' has {written} rows after writing {count}. Check the disk; "
                + "the run can be started again.");
        return (temporary, final);
    }

    private Dictionary<string, string> Footer(string kind, PlanShard shard) => new(StringComparer.Ordinal)
    {
        ["mlpipelines.plan"] = plan.Fingerprint,
        ["mlpipelines.shard"] = $"{kind}/{shard.Name}",
        ["mlpipelines.schema"] = kind == "data" ? plan.SchemaHash : kind,
        ["mlpipelines.version"] = plan.Version,
    };

    private static (long Bytes, string Sha256) Measure(string path)
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
    };
}
