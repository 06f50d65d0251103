using System.Globalization;
using System.Text;
using ML.Pipelines.Runs.Stores;

namespace ML.Pipelines.Runs;

/// <summary>The data card of a finished run: what a person who finds the folder wants to know. Made of plan and manifest alone.</summary>
internal static class DataCard
{
    /// <summary>The card's name; data hubs show a file of this name.</summary>
    public const string FileName = "README.md";

    public static void Write(IRunStore store, RunPlan plan, IReadOnlyList<ManifestEntry> entries)
    {
        var content = Encoding.UTF8.GetBytes(Text(plan, entries));
        if (store.Read(FileName) is not { } before || !before.AsSpan().SequenceEqual(content)) store.Replace(FileName, content);
    }

    // Holds no time and no path: the same run gives the same bytes on any machine.
    private static string Text(RunPlan plan, IReadOnlyList<ManifestEntry> entries)
    {
        var totals = entries.Aggregate(RunTotals.Zero, (sum, entry) => sum.Add(ShardTotals.Of(entry)));
        var name = plan.Job is { } job && job.TryGetProperty("name", out var given) ? given.GetString() : null;
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"# {(string.IsNullOrEmpty(name) ? "Training set" : name)}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"Made by ML.Pipelines {plan.Version}, plan `{plan.Fingerprint}`. `plan.json` holds the whole job, ");
        text.Append("`manifest.jsonl` a line a shard with its SHA-256.\n\n## Rows\n\n| rows | count |\n|---|---|\n");
        Row(text, "in", totals.RowsIn);
        Row(text, "kept", totals.RowsKept);
        foreach (var (reason, count) in totals.Dropped) Row(text, $"dropped: {reason}", count);
        foreach (var (code, count) in totals.Quarantined) Row(text, $"quarantined: {code}", count);
        foreach (var (why, count) in totals.PartsLost) Row(text, $"parts lost of kept rows: {why}", count);
        Row(text, "out", totals.RowsOut);
        if (totals.TokensBefore > 0)
        {
            Row(text, "tokens before", totals.TokensBefore);
            Row(text, "tokens after", totals.TokensAfter);
        }
        if (totals.Usage.Count > 0) Usage(text, plan, totals.Usage);
        if (totals.Attempts.Count > 0) Attempts(text, totals.Attempts);
        text.Append(CultureInfo.InvariantCulture, $"\n## Columns of the {entries.Count} shards\n\n| column | type |\n|---|---|\n");
        foreach (var column in plan.Columns) text.Append(CultureInfo.InvariantCulture, $"| `{column.Name}` | {column.Type} |\n");
        text.Append("\n## Input\n\n| file | bytes | SHA-256 |\n|---|---|---|\n");
        foreach (var input in plan.Inputs)
            text.Append(CultureInfo.InvariantCulture, $"| `{Path.GetFileName(input.Path)}` | {input.Bytes} | `{input.Sha256}` |\n");
        text.Append("\n## Options\n\n| option | value |\n|---|---|\n");
        foreach (var option in plan.Options)
            text.Append(CultureInfo.InvariantCulture, $"| `{option.Path}` | {Cell(option.Value)} |\n");
        foreach (var (model, fingerprint) in plan.Models.OrderBy(model => model.Key, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"| model `{model}` | `{fingerprint}` |\n");
        return text.ToString();
    }

    private static void Attempts(StringBuilder text, IReadOnlyDictionary<string, AttemptTotals> attempts)
    {
        text.Append("\n## Shorter chains\n\n| stage | rows | passed | asked | tokens before | tokens after | answer loss, nats |\n|---|---|---|---|---|---|---|\n");
        foreach (var (name, stage) in attempts)
        {
            var loss = stage.Scored == 0 ? "" : (stage.LossIncrease / stage.Scored).ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture);
            text.Append(CultureInfo.InvariantCulture,
                $"| {name} | {stage.Rows} | {stage.Passed} | {stage.Attempts} | {stage.TokensBefore} | {stage.TokensAfter} | {loss} |\n");
        }
    }

    private static void Usage(StringBuilder text, RunPlan plan, IReadOnlyDictionary<string, ModelUsage> usage)
    {
        text.Append("\n## Model calls\n\n| model | calls | tokens read | tokens written |\n|---|---|---|---|\n");
        foreach (var (model, used) in usage)
            text.Append(CultureInfo.InvariantCulture, $"| {model} | {used.Calls} | {used.InputTokens} | {used.OutputTokens} |\n");
        var cost = ModelUsage.Cost(usage, plan.Prices) is { } known ? known.ToString("0.00####", CultureInfo.InvariantCulture) : "unknown: not every model has a price";
        text.Append(CultureInfo.InvariantCulture, $"\nCost: {cost}.\n");
    }

    private static void Row(StringBuilder text, string name, long count) => text.Append(CultureInfo.InvariantCulture, $"| {name} | {count} |\n");

    private static string Cell(string value) => value.Length == 0 ? "" : $"`{value.ReplaceLineEndings("\\n").Replace("|", "\\|", StringComparison.Ordinal)}`";
}
