using System.CommandLine;
using ML.Pipelines.Cli.Display;
using ML.Pipelines.Runs;
using ML.Pipelines.Runs.Stores;
using Spectre.Console;

namespace ML.Pipelines.Cli.Commands;

/// <summary><c>mlpipe merge</c>: the fan-in of a run's slices.</summary>
internal static class MergeCommand
{
    public static Command Create() => RunFolderArgument.Command("merge",
        "Joins the slices of a run: checks that all shards are sealed, writes the final manifest and the data card.", (store, _) => Run(store));

    private static int Run(IRunStore store)
    {
        var job = PlannedJob.Read(store, []);
        var start = TimeProvider.System.GetTimestamp();
        var totals = RunMerge.Merge(new RunFolder(store), JobOutput.Format(job));
        new ClosingTable(totals, store.Describe("data"), RunPlan.Read(store).Shards.Count, TimeProvider.System.GetElapsedTime(start))
            .Write(AnsiConsole.Console);
        return RunReport.Check(job, store, totals);
    }
}
