using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using ML.Pipelines;
using ML.Pipelines.Data;
using ML.Pipelines.Parquet;
using ML.Pipelines.Pruning;
using ML.Pipelines.RunHost;
using ML.Pipelines.Runs;
using ML.Pipelines.Runs.Stores;

// A run as a process of its own, which tests kill: its scores come from a server, and it can kill itself at any step of its store.
// Arguments: input, output, server, slice, [step at which to die; -1 counts the steps and writes their number], [rows a shard].
var (input, output, server, slice) = (args[0], args[1], new Uri(args[2]), RunSlice.Parse(args[3]));
var dieAt = args.Length > 4 ? int.Parse(args[4], CultureInfo.InvariantCulture) : int.MaxValue;
var shardRows = args.Length > 5 ? int.Parse(args[5], CultureInfo.InvariantCulture) : 4;
var steps = 0;
try
{
    using var scorer = new RemoteScorer(server);
    var run = new PipelineRun();
    var format = new ParquetShardFormat();
    var sets = new MLContext(seed: 1).TrainingSets(run);
    var totals = run.Execute(new RunDefinition
    {
        Options = [new("stages.prune.ratio", "0.5")],
        Source = new MLContext(seed: 1).Data.LoadFromJsonLines(input, new() { Rejects = run.Rejects }),
        InputFiles = [input],
        Chain = sets.SegmentSteps("Steps", "reasoning").Append(sets.ClassifySteps("Steps"))
            .Append(sets.PruneByPerplexity("reasoning", "Steps", new JournalingStepScorer(scorer, run.Journal, scorer.Info), new() { Ratio = 0.5 }))
            .Append(sets.FormatMessages("messages")),
        Models = new Dictionary<string, string> { ["scorer"] = scorer.Info.Fingerprint },
        Store = new LocalRunStore(output) { Reached = (_, _) => DieAt(steps++) },
        Format = format,
        Slice = slice,
        ShardRows = shardRows,
        StepsColumn = "Steps",
    });
    if (dieAt < 0) Console.WriteLine(steps.ToString(CultureInfo.InvariantCulture));
    return totals.RowsIn == totals.RowsKept + totals.Dropped.Values.Sum() + totals.Quarantined.Values.Sum() ? 0 : 3;
}
catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync($"{ErrorCode.Output}: {fault.Message}").ConfigureAwait(false);
    return 2;
}
catch (PipelineException fault)
{
    await Console.Error.WriteLineAsync($"{fault.Code}: {fault.Message}").ConfigureAwait(false);
    return 2;
}

void DieAt(int step)
{
    if (step != dieAt) return;
    using var self = Process.GetCurrentProcess();
    self.Kill();
    Thread.Sleep(Timeout.Infinite);
}
