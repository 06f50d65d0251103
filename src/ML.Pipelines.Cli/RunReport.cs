using System.Diagnostics;
using ML.Pipelines.Cli.Jobs;
using ML.Pipelines.Runs;

namespace ML.Pipelines.Cli;

internal sealed class RunConsole { public void Notice(string text) => Console.Error.WriteLine(text); }

internal static class RunReport
{
    public static int Show(Job job, Func<Job, IRunProgress, RunConsole, RunTotals> run)
    {
        var clock = Stopwatch.StartNew();
        var totals = run(job, new Nop(), new RunConsole());
        Console.WriteLine($"{totals.RowsIn} in {totals.RowsKept} kept dropped {string.Join(",", totals.Dropped)} quarantined {string.Join(",", totals.Quarantined)} tokens {totals.TokensBefore} -> {totals.TokensAfter} {clock.Elapsed}");
        foreach (var s in totals.Steps) Console.WriteLine(s);
        return 0;
    }
    private sealed class Nop : IRunProgress { public void Report(RunProgressSnapshot snapshot) { } }
}
