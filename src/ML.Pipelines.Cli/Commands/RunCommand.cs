using System.CommandLine;

namespace ML.Pipelines.Cli.Commands;

/// <summary><c>mlpipe run</c>.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var arguments = new JobArguments();
        var command = new Command("run", "Runs a job; a run that was stopped goes on where it stopped.");
        arguments.AddTo(command);
        command.SetAction((result, cancellationToken) => Task.FromResult(RunReport.Show(arguments.Load(result), (job, progress, console) =>
            JobRunner.Run(job, progress, console.Notice, cancellationToken))));
        return command;
    }
}
