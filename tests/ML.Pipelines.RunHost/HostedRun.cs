using Microsoft.ML;
using ML.Pipelines.Data;
using ML.Pipelines.Parquet;
using ML.Pipelines.Pruning;
using ML.Pipelines.Runs;
using ML.Pipelines.Runs.Stores;

namespace ML.Pipelines.RunHost;

/// <summary>A run whose scores come from a server: as a process of its own, or in the process of a test.</summary>
public static class HostedRun
{
    /// <summary>Runs, or goes on.</summary>
    /// <param name="input">The input file.</param>
    /// <param name="store">Where the output goes.</param>
    /// <param name="server">The server of scores.</param>
    /// <param name="slice">The shards to work on.</param>
    /// <param name="shardRows">Rows a shard.</param>
    public static RunTotals Execute(string input, IRunStore store, Uri server, RunSlice slice, int shardRows)
    {
        using var scorer = new RemoteScorer(server);
        var run = new PipelineRun();
        var sets = new MLContext(seed: 1).TrainingSets(run);
        return run.Execute(new RunDefinition
        {
            Options = [new("stages.prune.ratio", "0.5")],
            Source = new MLContext(seed: 1).Data.LoadFromJsonLines(input, new() { Rejects = run.Rejects }),
            InputFiles = [input],
            Chain = sets.SegmentSteps("Steps", "reasoning").Append(sets.ClassifySteps("Steps"))
                .Append(sets.PruneByPerplexity(
                    "reasoning", "Steps", new JournalingStepScorer(scorer, run.Journal, scorer.Info), new() { Ratio = 0.5 }))
                .Append(sets.FormatMessages("messages")),
            Models = new Dictionary<string, string> { ["scorer"] = scorer.Info.Fingerprint },
            Store = store,
            Format = new ParquetShardFormat(),
            Slice = slice,
            ShardRows = shardRows,
            StepsColumn = "Steps",
        });
    }
}
