using ML.Pipelines.Data;
using ML.Pipelines.Pruning;
using ML.Pipelines.Text;

namespace ML.Pipelines.Runs;

/// <summary>Counts a shard and holds its conservation law: rows in = kept + dropped + quarantined.</summary>
internal static class ShardTotals
{
    public static RunTotals Of(
        PlanShard shard, BufferedDataView rows, ShardLedger ledger, IReadOnlyList<StepEvidence>? evidence,
        IReadOnlyDictionary<string, ModelUsage> usage)
    {
        var totals = new RunTotals
        {
            RowsIn = shard.Rows,
            RowsKept = ledger.Kept,
            RowsOut = rows.GetRowCount()!.Value,
            Dropped = ledger.Dropped,
            Quarantined = Count(ledger.Quarantined.Select(row => row.Error.Code)),
            PartsLost = ledger.PartsLost,
            TokensBefore = Sum(rows, "tokens_before"),
            TokensAfter = Sum(rows, "tokens_after"),
            Steps = Steps(evidence ?? []),
            Usage = usage,
            Attempts = AttemptTotals.Of(ledger.Attempts),
        };
        var accounted = totals.RowsKept + totals.Dropped.Values.Sum() + totals.Quarantined.Values.Sum();
        return accounted == totals.RowsIn ? totals : throw new PipelineException(ErrorCode.Invariant,
            $"Shard {shard.Name}: {totals.RowsIn} rows in, but {accounted} are accounted for. Please report this with the job file.");
    }

    /// <summary>The totals of a shard that is sealed. Its files must be there, with the size that was sealed.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.DamagedFile"/>: a file is missing or has another size.</exception>
    public static RunTotals OfSealed(ManifestEntry entry, RunFolder folder, IShardFormat format, bool hasEvidence)
    {
        long Bytes(string kind) => Existing(folder, RunFolder.Name(kind, entry.Shard, format.Extension));
        if (Bytes("data") is var bytes && bytes != entry.Bytes)
            throw Damaged($"'{folder.Store.Describe(RunFolder.Name("data", entry.Shard, format.Extension))}' has {bytes} bytes, sealed were {entry.Bytes}.");
        if (hasEvidence) Bytes("evidence");
        if (entry.Quarantined > 0) Bytes("quarantine");
        if (entry.Attempts is not null) Bytes("attempts");
        return Of(entry);
    }

    /// <summary>The totals that a manifest's entry tells.</summary>
    public static RunTotals Of(ManifestEntry entry) => new()
    {
        RowsIn = entry.RowsIn,
        RowsKept = entry.RowsKept,
        RowsOut = entry.RowsOut,
        Dropped = entry.Dropped,
        Quarantined = entry.Errors ?? RunTotals.Zero.Quarantined,
        PartsLost = entry.PartsLost ?? RunTotals.Zero.PartsLost,
        TokensBefore = entry.TokensBefore,
        TokensAfter = entry.TokensAfter,
        Steps = new SortedDictionary<StepCategory, StepTotals>(
            (entry.Steps ?? new Dictionary<string, StepTotals>()).ToDictionary(steps => StepNames.Category(steps.Key), steps => steps.Value)),
        Usage = entry.Usage ?? RunTotals.Zero.Usage,
        Attempts = entry.Attempts ?? RunTotals.Zero.Attempts,
    };

    private static long Existing(RunFolder folder, string name) =>
        folder.Store.Length(name) ?? throw Damaged($"'{folder.Store.Describe(name)}' of a sealed shard is not there.");

    private static PipelineException Damaged(string what) => new(ErrorCode.DamagedFile,
        $"{what} Put it back, or remove the shard's line from {Manifest.FileName} to have it made again.");

    private static SortedDictionary<string, long> Count(IEnumerable<string> keys)
    {
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var key in keys) counts[key] = counts.GetValueOrDefault(key) + 1;
        return counts;
    }

    private static long Sum(BufferedDataView rows, string name)
    {
        if (rows.Schema.GetColumnOrNull(name) is not { } column || column.Type.RawType != typeof(int)) return 0;
        using var cursor = rows.GetRowCursor([column]);
        var value = Columns.Value<int>(cursor, column);
        long sum = 0;
        while (cursor.MoveNext()) sum += value();
        return sum;
    }

    private static SortedDictionary<StepCategory, StepTotals> Steps(IReadOnlyList<StepEvidence> evidence)
    {
        var totals = new SortedDictionary<StepCategory, StepTotals>();
        foreach (var category in evidence.GroupBy(row => row.Step.Category!.Value))
            totals[category.Key] = new(category.Count(), With(category, StepDecision.Removed), With(category, StepDecision.Guarded), With(category, StepDecision.Unscored));
        return totals;
    }

    private static long With(IEnumerable<StepEvidence> rows, StepDecision decision) => rows.LongCount(row => row.Step.Decision == decision);
}
