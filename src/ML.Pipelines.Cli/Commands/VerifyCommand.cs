using System.CommandLine;
using ML.Pipelines.Cli.Display;
using ML.Pipelines.Runs;
using ML.Pipelines.Runs.Stores;

namespace ML.Pipelines.Cli.Commands;

/// <summary><c>mlpipe verify</c>: a finished output checked byte for byte against its manifest.</summary>
internal static class VerifyCommand
{
    public static Command Create() => RunFolderArgument.Command("verify",
        "Checks a finished output: sizes and SHA-256 of the shards, their footers, rows and columns, and the counts of all rows.", (store, _) => Run(store));

    private static int Run(IRunStore store)
    {
        var job = PlannedJob.Read(store, []);
        var faults = RunVerification.Check(new RunFolder(store), JobOutput.Format(job), JobChain.HasSteps(job));
        foreach (var fault in faults) Console.Error.WriteLine(TerminalText.Clean(fault));
        if (faults.Count > 0) return ExitCode.Invariant;
        Console.WriteLine($"{store.Location} is whole: {RunPlan.Read(store).Shards.Count} shards.");
        return ExitCode.Done;
    }
}
