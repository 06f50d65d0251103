using System.CommandLine;
using System.Globalization;
using ML.Pipelines.Cli.Jobs;
using ML.Pipelines.Runs;

namespace ML.Pipelines.Cli.Commands;

/// <summary><c>mlpipe rethreshold</c>.</summary>
internal static class RethresholdCommand
{
    public static Command Create()
    {
        var run = new Argument<string>("run") { Description = "The output folder of a pruning run." };
        var ratio = new Option<double>("--ratio") { Description = "The share of candidate steps to remove, 0 to 1.", Required = true };
        var output = new Option<string>("--output", "-o") { Description = "The folder of the new set.", Required = true };
        var set = new Option<string[]>("--set")
        {
            Description = "Overrides another option, e.g. stages.prune.scope=corpus. May be "
            + "repeated."
        };
        var command = new Command("rethreshold", "Rebuilds a run's set at another ratio from its evidence, without a model.") { run, ratio, output, set };
        command.SetAction((result, cancellationToken) => Task.Run(() => Run(
            result.GetRequiredValue(run), result.GetValue(ratio), result.GetRequiredValue(output), result.GetValue(set) ?? [], cancellationToken), CancellationToken.None));
        return command;
    }

    private static int Run(string folder, double ratio, string output, string[] set, CancellationToken cancellationToken)
    {
        var store = RunStores.Open(folder);
        var job = PlannedJob.Read(store,
        [
            .. set.Select(JobOverride.Parse),
            JobOverride.Of("--ratio", "stages.prune.ratio", ratio.ToString("R", CultureInfo.InvariantCulture)),
            JobOverride.Of("--output", "output.folder", output),
        ]);
        return RunReport.Show(job, progress => JobRunner.Rethreshold(job, new RunFolder(store), progress, cancellationToken));
    }
}
