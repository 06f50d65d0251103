using System.CommandLine;
using Microsoft.ML;
using ML.Pipelines.Cli.Jobs;
using ML.Pipelines.Data;
using ML.Pipelines.Runs;

namespace ML.Pipelines.Cli.Commands;

/// <summary><c>mlpipe validate</c>: everything that can stop a run, checked without running it.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        var arguments = new JobArguments();
        var command = new Command("validate", "Checks a job: its options, input files and columns, that its models load, and that servers take the key "
            + "and serve the model. Writes nothing.");
        arguments.AddTo(command);
        command.SetAction(result => Run(arguments.Load(result)));
        return command;
    }

    private static int Run(Job job)
    {
        using var models = JobModels.Load(job, Console.Error.WriteLine);
        var rejects = new PipelineRun().Rejects;
        var files = JobInput.Files(job);
        var source = JobInput.Open(job, files, rejects);
        var chain = JobChain.Build(job, new MLContext(seed: 1).TrainingSets(rejects), JobParts.Counting(job, models, (_, _) => { }));
        // An empty slice fits every stage against the real columns without a row or a model call.
        var schema = chain.Fit(source.Slice(0, 0)).GetOutputSchema(source.Schema);
        models.CheckServers();
        Console.WriteLine($"{job.Path} is fine: {source.SourceRowCount} rows in {files.Count} file{(files.Count == 1 ? "" : "s")}.");
        Console.WriteLine($"Columns in:  {string.Join(", ", Columns.Names(source.Schema))}");
        Console.WriteLine($"Columns out: {string.Join(", ", Columns.Names(schema).Where(name => name != JobChain.StepsColumn))}");
        return ExitCode.Done;
    }
}
