using System.CommandLine;
using ML.Pipelines.Cli.Display;
using ML.Pipelines.Cli.Evaluation;
using ML.Pipelines.OnnxRuntime;
using Spectre.Console;

namespace ML.Pipelines.Cli.Commands;

/// <summary><c>mlpipe model eval</c>.</summary>
internal static class ModelEvalCommand
{
    public static Command Create()
    {
        var model = ModelCommand.ModelOption();
        var data = new Option<string?>("--data", "-d")
        { Description = "The folder of traces.jsonl, gsm8k.jsonl, texts.jsonl and prompts.jsonl." };
        var only = new Option<string?>("--only") { Description = $"Some parts, with commas: {string.Join(',', ModelEvaluation.Parts)}." };
        var chains = new Option<string?>("--chains") { Description = "A file of chains before and after pruning, measured too." };
        var limit = new Option<int?>("--limit") { Description = "The most rows of each group (form, split, seed; set; task, split)." };
        var json = new Option<string?>("--json") { Description = "Also write all figures to this file." };
        var threads = new Option<int>("--threads") { Description = "Threads of the model; 0 takes all processors." };
        var command = new Command("eval", "Measures a model: the figures of its model card, from evaluation files.")
            { model, data, only, chains, limit, json, threads };
        command.SetAction((result, cancellationToken) => Task.Run(() => Run(
            result.GetRequiredValue(model),
            new EvaluationOptions
            {
                Data = result.GetValue(data),
                Only = result.GetValue(only)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
                Chains = result.GetValue(chains),
                Limit = result.GetValue(limit) ?? int.MaxValue,
            },
            result.GetValue(json), result.GetValue(threads), result.InvocationConfiguration, cancellationToken), CancellationToken.None));
        return command;
    }

    private static int Run(string name, EvaluationOptions options, string? json, int threads,
        InvocationConfiguration streams, CancellationToken cancellationToken)
    {
        var evaluate = ModelEvaluation.Prepare(options);
        var start = TimeProvider.System.GetTimestamp();
        using var scorer = OnnxLanguageScorer.Create(ModelName.Open(name),
            new() { IntraOpThreads = threads, Notice = streams.Error.WriteLine });
        var figures = Measure(scorer, options, evaluate, streams.Error, cancellationToken);
        if (figures is null) return ExitCode.WorkLeft;
        EvaluationReport.Write(ModelCommand.Console(streams.Output), figures);
        if (json is not null) EvaluationReport.WriteJson(json, scorer.Info, figures);
        streams.Output.WriteLine($"{Numbers.Count(figures.Count)} figures of model {TerminalText.Clean(scorer.Info.Name)}, "
            + Numbers.Duration(TimeProvider.System.GetElapsedTime(start)));
        return ExitCode.Done;
    }

    /// <summary>The figures; null where the user stopped.</summary>
    private static IReadOnlyList<EvaluationFigure>? Measure(OnnxLanguageScorer scorer, EvaluationOptions options,
        Func<EvaluationContext, Task<IReadOnlyList<EvaluationFigure>>> evaluate, TextWriter error, CancellationToken cancellationToken)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });
        var plain = RunProgress.IsPlain(console, Environment.GetEnvironmentVariable("CI"));
        try
        {
            return RunProgress.Show(console, TimeProvider.System, plain,
                progress => evaluate(new(scorer, options.Limit, progress.ReportPart, cancellationToken)).GetAwaiter().GetResult());
        }
        catch (OperationCanceledException)
        {
            error.WriteLine("Stopped. Nothing is kept; run the command again, with --limit for a quick look.");
            return null;
        }
    }
}
