using System.CommandLine;
using System.Text;
using ML.Pipelines.Cli.Jobs;
using ML.Pipelines.Runs;
using ML.Pipelines.Runs.Stores;

namespace ML.Pipelines.Cli.Commands;

/// <summary><c>mlpipe retry</c>: the quarantined rows of a run once more, as a run of their own.</summary>
/// <remarks>The first run stays as it was sealed; both runs' data together are the data set.</remarks>
internal static class RetryCommand
{
    /// <summary>The raw rows, kept with the new run so that it can be continued.</summary>
    private const string RowsName = RunFolder.WorkPrefix + "retry.jsonl";

    public static Command Create()
    {
        var run = RunFolderArgument.Create();
        var output = new Option<string>("--output", "-o") { Description = "The folder for the rows of this try.", Required = true };
        var set = new Option<string[]>("--set") { Description = "Overrides an option of the job: path=value. May be repeated." };
        var command = new Command("retry", "Runs the quarantined rows of a run once more, into a folder of their own.") { run, output, set };
        command.SetAction((result, cancellationToken) => Task.Run(() => Run(
            result.GetRequiredValue(run), result.GetRequiredValue(output), result.GetValue(set) ?? [], cancellationToken), CancellationToken.None));
        return command;
    }

    private static int Run(string folder, string output, string[] set, CancellationToken cancellationToken)
    {
        var store = RunStores.Open(folder);
        var rows = Quarantined(store, PlannedJob.Read(store, []));
        if (rows.Count == 0)
        {
            Console.WriteLine($"No row of {store.Location} is quarantined.");
            return ExitCode.Done;
        }
        var job = PlannedJob.Read(store,
        [
            .. set.Select(JobOverride.Parse),
            JobOverride.Of("--output", "output.folder", output),
            JobOverride.Of("retry", "input.files", Path.Combine(output, RowsName)),
            JobOverride.Of("retry", "input.format", ChoiceNames.Of(InputFormat.Jsonl)),
        ]);
        new LocalRunStore(output).TryCreate(RowsName, Encoding.UTF8.GetBytes(string.Concat(rows.Select(row => row.Row.Raw + "\n"))));
        return RunReport.Show(job, progress => JobRunner.Run(job, RunSlice.Whole, progress, progress.Notice, cancellationToken));
    }

    private static List<QuarantinedRow> Quarantined(IRunStore store, Job job)
    {
        var format = JobOutput.Format(job);
        var files = new RunFolder(store).Files("quarantine", format.Extension);
        return files.Count == 0 ? [] : [.. QuarantinedRow.ReadBack(format.Read(files))];
    }
}
