using System.CommandLine;
using ML.Pipelines.Cli.Jobs;
using ML.Pipelines.Runs;

namespace ML.Pipelines.Cli.Commands;

/// <summary><c>mlpipe run</c>.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var arguments = new JobArguments();
        var slice = new Option<string?>("--slice")
        {
            Description = "Works on one of n shares of the shards, for example 2/8. Without it, the variables of Azure Pipelines, Slurm arrays "
                + "and Kubernetes indexed jobs count.",
        };
        var maxDuration = new Option<string?>("--max-duration")
        {
            Description = "Stops after a time, for example 50m: exit code 75, the same command goes on.",
        };
        var command = new Command("run", "Runs a job; a run that was stopped goes on where it stopped.");
        arguments.AddTo(command);
        command.Add(slice);
        command.Add(maxDuration);
        command.SetAction((result, cancellationToken) => Task.Run(() => Run(
            arguments.Load(result),
            result.GetValue(slice) is { } given ? RunSlice.Parse(given) : SchedulerSlice.Read(Environment.GetEnvironmentVariable),
            result.GetValue(maxDuration) is { } time ? Duration.Parse("--max-duration", time) : null,
            cancellationToken), CancellationToken.None));
        return command;
    }

    private static int Run(Job job, RunSlice slice, TimeSpan? maxDuration, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (maxDuration is { } time) stop.CancelAfter(time);
        return RunReport.Show(job, progress =>
        {
            if (!slice.IsWhole) progress.Notice($"Slice {slice} of the shards; mlpipe merge {job.Output.Folder} joins the slices.");
            return JobRunner.Run(job, slice, progress, progress.Notice, stop.Token);
        }, slice);
    }
}
