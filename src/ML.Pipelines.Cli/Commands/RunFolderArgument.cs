using System.CommandLine;
using ML.Pipelines.Runs.Stores;

namespace ML.Pipelines.Cli.Commands;

/// <summary>The argument of the commands that take a run's output.</summary>
internal static class RunFolderArgument
{
    public static Argument<string> Create() => new("output") { Description = "The output folder of a run." };

    /// <summary>A command on a run's output.</summary>
    public static Command Command(string name, string description, Func<IRunStore, ParseResult, int> run, params Option[] options)
    {
        var output = Create();
        var command = new Command(name, description) { output };
        foreach (var option in options) command.Add(option);
        command.SetAction(result => run(RunStores.Open(result.GetRequiredValue(output)), result));
        return command;
    }
}
