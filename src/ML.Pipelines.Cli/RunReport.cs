using System.Globalization;
using ML.Pipelines.Cli.Display;
using ML.Pipelines.Cli.Jobs;
using ML.Pipelines.Runs;
using Spectre.Console;

namespace ML.Pipelines.Cli;

/// <summary>Runs a job in front of a person or a log: progress on the error stream, the closing table on the output.</summary>
internal static class RunReport
{
    /// <summary>Runs and reports.</summary>
    /// <param name="job">The job.</param>
    /// <param name="run">Does the work, with progress and notices to the given display.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Show(Job job, Func<RunProgress, RunTotals> run)
    {
        var progress = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        var start = TimeProvider.System.GetTimestamp();
        var plain = RunProgress.IsPlain(progress, Environment.GetEnvironmentVariable("CI"));
        var totals = RunProgress.Show(progress, TimeProvider.System, plain, run);
        var shards = Manifest.Read(job.Output.Folder).Count;
        new ClosingTable(totals, Path.Combine(job.Output.Folder, "data"), shards, TimeProvider.System.GetElapsedTime(start)).Write(AnsiConsole.Console);
        return CheckQuarantine(job, totals);
    }

    private static int CheckQuarantine(Job job, RunTotals totals)
    {
        var quarantined = totals.Quarantined.Values.Sum();
        if (quarantined <= job.Output.MaxQuarantined * totals.RowsIn) return ExitCode.Done;
        var allowed = job.Output.MaxQuarantined.ToString("P0", CultureInfo.InvariantCulture);
        Console.Error.WriteLine($"{quarantined} of {totals.RowsIn} rows are quarantined, more than output.maxQuarantined allows ({allowed}). "
            + $"See {Path.Combine(job.Output.Folder, "quarantine")}.");
        return ExitCode.TooMuchQuarantined;
    }
}
