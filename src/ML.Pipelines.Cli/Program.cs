using System.CommandLine;
using ML.Pipelines;
using ML.Pipelines.Cli;
using ML.Pipelines.Cli.Commands;
using ML.Pipelines.Teachers.Policies;

var root = new RootCommand("mlpipe turns raw reasoning traces into compact, checked LLM training sets: JSONL or Parquet in, Parquet "
    + "shards out.")
{
    RunCommand.Create(),
    PlanCommand.Create(),
    StatusCommand.Create(),
    MergeCommand.Create(),
    VerifyCommand.Create(),
    CleanCommand.Create(),
    RetryCommand.Create(),
    ValidateCommand.Create(),
    RethresholdCommand.Create(),
    ShowCommand.Create(folder => new RunReader(RunStores.Open(folder))),
    SchemaCommand.Create(),
    ModelCommand.Create(),
};
var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    parsed.Invoke();
    return ExitCode.BadInput;
}
try
{
    using var telemetry = TelemetryExport.Start(Environment.GetEnvironmentVariable);
    return await parsed.InvokeAsync(new InvocationConfiguration
    {
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = TimeSpan.FromSeconds(30),
    }).ConfigureAwait(false);
}
catch (PipelineException fault)
{
    await Console.Error.WriteLineAsync($"error {fault.Code}: {fault.Message}").ConfigureAwait(false);
    return ExitCode.Of(fault);
}
catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync($"error {ErrorCode.Output}: {fault.Message} Sealed shards are kept; free the disk or choose "
        + "another --output, then run again.").ConfigureAwait(false);
    return ExitCode.BadInput;
}
catch (BudgetSpentException spent)
{
    await Console.Error.WriteLineAsync($"{spent.Message} Sealed shards and replies are kept; the same command continues the run.").ConfigureAwait(false);
    return ExitCode.WorkLeft;
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("Stopped. Sealed shards are kept; the same command continues the run.").ConfigureAwait(false);
    return ExitCode.WorkLeft;
}
finally
{
    RunStores.Close();
}
