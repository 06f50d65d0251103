using System.CommandLine;
using ML.Pipelines.Cli.Jobs;

namespace ML.Pipelines.Cli.Commands;

/// <summary><c>mlpipe schema</c>: what a job file can say.</summary>
public static class SchemaCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var markdown = new Option<bool>("--markdown") { Description = "Write the page docs/job-file.md instead of the JSON schema." };
        var command = new Command("schema", "Write the JSON schema of job files.") { markdown };
        command.SetAction(result => Run(result.GetValue(markdown), result.InvocationConfiguration.Output));
        return command;
    }

    /// <summary>Writes the schema or the page.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Run(bool markdown, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write(markdown ? JobDocument.Text() : JobJsonSchema.Text());
        return ExitCode.Done;
    }
}
