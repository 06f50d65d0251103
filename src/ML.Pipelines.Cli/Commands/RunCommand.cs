using System.CommandLine;
using ML.Pipelines.Cli.Jobs;

namespace ML.Pipelines.Cli.Commands;

/// <summary><c>mlpipe run</c>.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var arguments = new JobArguments();
        var command = new Command("run", "Runs a job; a run that was stopped goes on where it stopped.");
        arguments.AddTo(command);
        command.SetAction((result, cancellationToken) => Task.Run(() => Run(arguments.Load(result), cancellationToken), CancellationToken.None));
        return command;
    }

    private static int Run(Job job, CancellationToken cancellationToken) =>
        RunReport.Show(job, progress => JobRunner.Run(job, progress, progress.Notice, cancellationToken));
}
