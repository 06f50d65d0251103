using ML.Pipelines.Cli.Commands;
using ML.Pipelines.Pruning;
using ML.Pipelines.Text;
using Spectre.Console;
using Step = (string Text, ML.Pipelines.Text.StepCategory? Category, ML.Pipelines.Pruning.StepDecision? Decision, double? Importance, string? Note);

namespace ML.Pipelines.Cli.Tests.Display;

/// <summary>Traces and consoles to show them on.</summary>
internal static class SampleTraces
{
    private static readonly Step[] Steps =
    [
        ("Let $S = [1, 2]$.\n", StepCategory.Progressive, StepDecision.Kept, null, null),
        ("Wait, check:\n[red]2 > 1[/].\n", StepCategory.Verification, StepDecision.Removed, 0.0124, null),
        ("So it holds.\n\n", StepCategory.ErrorCorrection, StepDecision.Guarded, -0.5, "states the answer first"),
        ("Done.", null, null, null, null),
    ];

    public static RunTrace Small { get; } = Of("t-1", "What is \\boxed{[x]}?", Steps);

    public static RunTrace Of(string id, string question, params Step[] steps)
    {
        var start = 0;
        return new(id, question, string.Concat(steps.Select(step => step.Text)),
            [.. steps.Select(step => new ReasoningStep(start, start += step.Text.Length)
            {
                Category = step.Category, Decision = step.Decision, Importance = step.Importance, Note = step.Note, Tokens = 1000,
            })]);
    }

    public static IAnsiConsole Terminal(TextWriter writer) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = AnsiSupport.Yes,
        ColorSystem = ColorSystemSupport.Standard,
        Interactive = InteractionSupport.Yes,
        Out = new TerminalOutput(writer),
    });

    public static IAnsiConsole Log(TextWriter writer) =>
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });

    private sealed class TerminalOutput(TextWriter writer) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => true;

        public int Width => 100;

        public int Height => 40;

        public void SetEncoding(System.Text.Encoding encoding) { }
    }
}
