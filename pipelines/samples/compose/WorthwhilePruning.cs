using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines;
using ML.Pipelines.Data;
using ML.Pipelines.OnnxRuntime;
using ML.Pipelines.Parquet;

namespace Compose;

/// <summary>Our estimators among ML.NET's own: prune, compute the saving with CustomMapping, keep rows that saved at least 1 %.</summary>
public static class WorthwhilePruning
{
    /// <summary>Reads traces (JSON Lines), writes the rows where pruning paid (Parquet).</summary>
    public static int Run(string traces, string output, TextWriter log)
    {
        var ml = new MLContext(seed: 1);
        using var scorer = OnnxLanguageScorer.CreateBundled();
        var sets = ml.TrainingSets();
        var chain = sets.AdaptTraces()
            .Append(sets.SegmentSteps("spans", "reasoning"))
            .Append(sets.ClassifySteps("spans"))
            .Append(sets.PruneByPerplexity("reasoning", "spans", scorer, new() { Ratio = 0.5 }))
            .Append(ml.Transforms.CustomMapping<Tokens, Saving>((row, saving) => saving.Saved = 1 - ((float)row.After / row.Before), null))
            .Append(sets.FormatMessages("messages"))
            .Append(ml.Transforms.DropColumns("spans"));

        var data = ml.Data.LoadFromJsonLines(traces);
        var pruned = chain.Fit(data).Transform(data);
        var worthwhile = ml.Data.FilterRowsByColumn(pruned, "Saved", lowerBound: 0.01, upperBound: 1);
        ml.Data.SaveAsParquet(worthwhile, output);

        var saved = ml.Data.LoadFromParquet(output);
        log.WriteLine($"{saved.SourceRowCount} rows saved 1 % or more, to {output}");
        foreach (var row in ml.Data.CreateEnumerable<Result>(saved, reuseRowObject: false))
            log.WriteLine($"{row.Id}: {row.Saved:P1} saved, {row.Messages.Count} messages");
        return 0;
    }

    private sealed class Tokens
    {
        [ColumnName("tokens_before")] public int Before { get; set; }

        [ColumnName("tokens_after")] public int After { get; set; }
    }

    private sealed class Saving
    {
        public float Saved { get; set; }
    }

    private sealed class Result
    {
        [ColumnName("id")] public string Id { get; set; } = "";

        public float Saved { get; set; }

        [ColumnName("messages"), Messages] public IReadOnlyList<Message> Messages { get; set; } = [];
    }
}
