using System.CommandLine;
using ML.Pipelines.Cli.Display;
using ML.Pipelines.Runs;
using ML.Pipelines.Runs.Stores;
using Spectre.Console;

namespace ML.Pipelines.Cli.Commands;

/// <summary><c>mlpipe status</c>: how far a run is, also from another terminal or machine.</summary>
internal static class StatusCommand
{
    public static Command Create() => RunFolderArgument.Command("status",
        "Shows how far a run is: sealed shards, rows, who works. Exit code 75 while shards are left.", (store, _) => Run(store));

    private static int Run(IRunStore store)
    {
        var status = RunStatus.Read(new RunFolder(store));
        var table = PlainTable.New("status", "", "");
        PlainTable.Add(table, "shards sealed", $"{Numbers.Count(status.ShardsSealed)}/{Numbers.Count(status.Shards)}", Numbers.Share(status.ShardsSealed, status.Shards));
        PlainTable.Add(table, "rows done", $"{Numbers.Count(status.Totals.RowsIn)}/{Numbers.Count(status.Rows)}", Numbers.Share(status.Totals.RowsIn, status.Rows));
        PlainTable.Add(table, "rows kept", Numbers.Count(status.Totals.RowsKept), Numbers.Share(status.Totals.RowsKept, status.Totals.RowsIn));
        var quarantined = status.Totals.Quarantined.Values.Sum();
        PlainTable.Add(table, "rows quarantined", Numbers.Count(quarantined), Numbers.Share(quarantined, status.Totals.RowsIn));
        foreach (var (model, used) in status.Totals.Usage)
            PlainTable.Add(table, $"calls of {model}", Numbers.Count(used.Calls), $"{Numbers.Count(used.InputTokens)} tokens read, {Numbers.Count(used.OutputTokens)} written");
        if (status.Totals.Usage.Count > 0) PlainTable.Add(table, "cost", Numbers.Cost(status.Cost), "");
        foreach (var slice in status.Working) PlainTable.Add(table, "works", slice.IsWhole ? "all shards" : $"slice {slice}", "");
        foreach (var slice in status.Waiting) PlainTable.Add(table, "does not work", slice.IsWhole ? "all shards" : $"slice {slice}", "");
        AnsiConsole.Write(table);
        Console.WriteLine(status.IsFinished ? "Finished." : status.ShardsSealed == status.Shards ? $"All shards are sealed: run mlpipe merge {store.Location}."
            : "Not finished: the same command continues it.");
        return status.ShardsSealed == status.Shards ? ExitCode.Done : ExitCode.WorkLeft;
    }
}
