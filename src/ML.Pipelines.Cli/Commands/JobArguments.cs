using System.CommandLine;
using ML.Pipelines.Cli.Jobs;

namespace ML.Pipelines.Cli.Commands;

/// <summary>The arguments of the commands that take a job file.</summary>
internal sealed class JobArguments
{
    private readonly Argument<string> _job = new("job") { Description = "The job file (YAML), for example pipelines/pir.yaml." };
    private readonly Option<string[]> _input = new("--input", "-i") { Description = "Input files or globs instead of the job's.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> _output = new("--output", "-o") { Description = "The output folder instead of the job's." };
    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Overrides an option: path=value, for example "
        + "stages.prune.ratio=0.5. May be repeated."
    };

    public void AddTo(Command command)
    {
        command.Add(_job);
        command.Add(_input);
        command.Add(_output);
        command.Add(_set);
    }

    /// <summary>Reads the job with its overrides.</summary>
    public Job Load(ParseResult result)
    {
        var overrides = (result.GetValue(_set) ?? []).Select(JobOverride.Parse).ToList();
        if (result.GetValue(_input) is { Length: > 0 } input) overrides.Add(JobOverride.Of("--input", "input.files", input));
        if (result.GetValue(_output) is { } output) overrides.Add(JobOverride.Of("--output", "output.folder", output));
        return Job.Load(result.GetRequiredValue(_job), overrides);
    }
}
