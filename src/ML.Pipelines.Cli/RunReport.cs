using System.Globalization;
using ML.Pipelines.Cli.Display;
using ML.Pipelines.Cli.Jobs;
using ML.Pipelines.Runs;
using ML.Pipelines.Runs.Stores;
using Spectre.Console;

namespace ML.Pipelines.Cli;

/// <summary>Runs a job in front of a person or a log: progress on the error stream, the closing table on the output.</summary>
internal static class RunReport
{
    /// <summary>Runs and reports.</summary>
    /// <param name="job">The job.</param>
    /// <param name="run">Does the work, with progress and notices to the given display.</param>
    /// <param name="slice">The slice that is run; null: all.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Show(Job job, Func<RunProgress, RunTotals> run, RunSlice? slice = null)
    {
        var part = slice ?? RunSlice.Whole;
        var progress = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        var start = TimeProvider.System.GetTimestamp();
        var plain = RunProgress.IsPlain(progress, Environment.GetEnvironmentVariable("CI"));
        var totals = RunProgress.Show(progress, TimeProvider.System, plain, run);
        var store = RunStores.Open(job.Output.Folder);
        var shards = RunPlan.Read(store).Shards.Where((_, index) => part.Holds(index)).Count();
        new ClosingTable(totals, store.Describe("data"), shards, TimeProvider.System.GetElapsedTime(start)).Write(AnsiConsole.Console);
        // What the job allows counts for the whole data set, which the merge sees.
        return part.IsWhole ? Check(job, store, totals) : ExitCode.Done;
    }

    /// <summary>Checks a finished run against what its job allows, and tells what is not met.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Check(Job job, IRunStore store, RunTotals totals)
    {
        var gates = CheckGates(job, store, totals);
        var quarantined = totals.Quarantined.Values.Sum();
        if (quarantined <= job.Output.MaxQuarantined * totals.RowsIn) return gates;
        var allowed = job.Output.MaxQuarantined.ToString("P0", CultureInfo.InvariantCulture);
        Console.Error.WriteLine($"{quarantined} of {totals.RowsIn} rows are quarantined, more than output.maxQuarantined allows ({allowed}). "
            + $"See {store.Describe("quarantine")}.");
        return ExitCode.TooMuchQuarantined;
    }

    private static int CheckGates(Job job, IRunStore store, RunTotals totals)
    {
        var results = job.Gates.Gates.Check(new RunFolder(store), JobOutput.Format(job), totals);
        if (results.Count == 0) return ExitCode.Done;
        var table = PlainTable.New("gates", "measured", "allowed", "");
        foreach (var gate in results)
            PlainTable.Add(table, gate.Name, Number(gate.Value), Number(gate.Limit), gate.Passed ? "passed" : "FAILED");
        AnsiConsole.Write(table);
        if (results.All(gate => gate.Passed)) return ExitCode.Done;
        Console.Error.WriteLine("The data set fails its gates: " + string.Join(", ", results.Where(gate => !gate.Passed).Select(gate => gate.Name))
            + $". It is in {store.Describe("data")}; do not use it before you know why.");
        return ExitCode.Invariant;
    }

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
