using System.CommandLine;
using ML.Pipelines.Cli.Display;
using ML.Pipelines.Cli.Jobs;
using ML.Pipelines.Runs;
using Spectre.Console;

namespace ML.Pipelines.Cli.Commands;

/// <summary><c>mlpipe plan</c>: fixes what a run will do before the first worker starts.</summary>
internal static class PlanCommand
{
    private const int ShownCharacters = 400;

    public static Command Create()
    {
        var arguments = new JobArguments();
        var command = new Command("plan", "Writes the plan of a run: inputs with their hashes, shards, columns, what is learned from the data. "
            + "Slices that start together then share it.");
        arguments.AddTo(command);
        command.SetAction((result, cancellationToken) => Task.Run(() => Run(arguments.Load(result), cancellationToken), CancellationToken.None));
        return command;
    }

    private static int Run(Job job, CancellationToken cancellationToken)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        var plain = RunProgress.IsPlain(console, Environment.GetEnvironmentVariable("CI"));
        Show(RunProgress.Show(console, TimeProvider.System, plain, progress => JobRunner.Plan(job, progress, progress.Notice, cancellationToken)));
        var store = RunStores.Open(job.Output.Folder);
        Console.WriteLine(store.Length(RunPlan.FileName) is not null ? $"The plan is in {store.Describe(RunPlan.FileName)}"
            : "Nothing is written: the plan holds what is learned from the data, for which the run trains models first.");
        return ExitCode.Done;
    }

    private static string Estimate(string model, ModelUsage used, PlanEstimate estimate, RunPlan plan) =>
        $"{model} {Numbers.Count(used.Calls)} calls, {Numbers.Count(used.InputTokens)} tokens read"
        + (used.OutputTokens > 0 ? $", at most {Numbers.Count(used.OutputTokens)} written" : "")
        + $", cost {Numbers.Cost(plan.Prices.TryGetValue(model, out var price) ? price.Of(used) : null)}"
        + $" (from {Numbers.Count(estimate.SampledRows)} of {Numbers.Count(plan.Rows)} rows)";

    // What was learned of each row is as long as the data set.
    private static string Opening(string text) => text.Length <= ShownCharacters ? text : $"{text[..ShownCharacters]}…";

    private static void Show(RunPlan plan)
    {
        // Lines, not a table: a fingerprint and a list of columns must stay whole on a narrow terminal, too.
        Console.WriteLine($"Fingerprint: {plan.Fingerprint}");
        foreach (var input in plan.Inputs) Console.WriteLine($"Input:       {TerminalText.Clean(input.Path)}, {Numbers.Count(input.Bytes)} bytes");
        Console.WriteLine($"Rows:        {Numbers.Count(plan.Rows)} in {Numbers.Count(plan.Shards.Count)} shards");
        Console.WriteLine($"Columns:     {string.Join(", ", plan.Columns.Select(column => column.Name))}");
        if (plan.Estimate is { } estimate)
            foreach (var (model, used) in estimate.Models) Console.WriteLine($"Estimate:    {Estimate(model, used, estimate, plan)}");
        if (plan.Estimate?.MostTrainings is { } trainings) Console.WriteLine($"Trainings:   at most {Numbers.Count(trainings)}");
        foreach (var (stage, value) in plan.Fitted) Console.WriteLine($"Learned:     {stage} {Opening(value.GetRawText())}");
    }
}
