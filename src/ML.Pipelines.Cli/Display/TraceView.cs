using System.Globalization;
using System.Text;
using ML.Pipelines.Cli.Commands;
using ML.Pipelines.Pruning;
using ML.Pipelines.Text;
using Spectre.Console;
using Spectre.Console.Rendering;
using StyledText = Spectre.Console.Text;

namespace ML.Pipelines.Cli.Display;

/// <summary>Shows one trace: each step with its category, importance and what became of it; each attempt at a shorter chain, and the chains
/// that came out.</summary>
/// <remarks>Text of the data set is cleaned (<see cref="TerminalText"/>) and never read as markup.</remarks>
public static class TraceView
{
    private const string Indent = "      ";

    /// <summary>The trace without colours; removed text stands in <c>[-</c> and <c>-]</c>.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="removedOnly">Whether only removed steps are shown.</param>
    public static string Plain(RunTrace trace, bool removedOnly = false)
    {
        ArgumentNullException.ThrowIfNull(trace);
        var page = new StringBuilder().Append(Header(trace)).Append("\n\n").Append(Question(trace)).Append('\n');
        foreach (var (index, step) in Shown(trace, removedOnly))
            page.Append('\n').Append(Heading(index, step)).Append(Indented("\n" + Marked(trace, step))).Append('\n');
        foreach (var (heading, text) in AttemptView.Parts(trace))
            page.Append('\n').Append(heading).Append(text is null ? "" : Indented("\n" + text)).Append('\n');
        return page.ToString();
    }

    /// <summary>The trace with colours by category; removed text is struck through.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="removedOnly">Whether only removed steps are shown.</param>
    public static IRenderable Rich(RunTrace trace, bool removedOnly = false)
    {
        ArgumentNullException.ThrowIfNull(trace);
        var header = new StyledText(Header(trace), new Style(decoration: Decoration.Bold));
        var parts = new List<IRenderable> { header, new StyledText("\n" + Question(trace)) };
        foreach (var (index, step) in Shown(trace, removedOnly))
        {
            var colour = Colour(step.Category);
            var weight = step.Decision == StepDecision.Guarded ? Decoration.Bold : Decoration.None;
            parts.Add(new StyledText("\n" + Heading(index, step), new Style(colour, decoration: weight)));
            parts.Add(new Padder(Body(trace, step, colour), new Padding(Indent.Length, 0, 0, 0)));
        }
        foreach (var (heading, text) in AttemptView.Parts(trace))
        {
            parts.Add(new StyledText("\n" + heading, new Style(decoration: text is null ? Decoration.None : Decoration.Bold)));
            if (text is not null) parts.Add(new Padder(new StyledText(text), new Padding(Indent.Length, 0, 0, 0)));
        }
        return new Rows(parts);
    }

    private static StyledText Body(RunTrace trace, ReasoningStep step, Color colour) => step.Decision == StepDecision.Removed
        ? new(TextOf(trace, step), new Style(colour, decoration: Decoration.Strikethrough))
        : new(TextOf(trace, step));

    private static IEnumerable<(int Index, ReasoningStep Step)> Shown(RunTrace trace, bool removedOnly) =>
        trace.Steps.Index().Where(step => !removedOnly || step.Item.Decision == StepDecision.Removed);

    private static string Header(RunTrace trace)
    {
        if (trace.Steps.Count == 0 && trace.Attempts.Count > 0) return AttemptView.Header(trace);
        var saved = Numbers.Share(trace.TokensBefore - trace.TokensAfter, trace.TokensBefore);
        var tokens = $"{Numbers.Count(trace.TokensBefore)} -> {Numbers.Count(trace.TokensAfter)} tokens ({saved} saved)";
        return $"{TerminalText.Clean(trace.Id)}: {tokens}, {trace.Steps.Count} steps, "
            + $"{Of(StepDecision.Removed)} removed, {Of(StepDecision.Guarded)} guarded, {Of(StepDecision.Unscored)} unscored";

        int Of(StepDecision decision) => trace.Steps.Count(step => step.Decision == decision);
    }

    private static string Indented(string text) => string.Join('\n', text.Split('\n').Select(line => line.Length == 0 ? "" : Indent + line));

    private static string Question(RunTrace trace) => TerminalText.Clean(trace.Question).Trim('\n');

    // The numbers are those of the evidence, where the first step is 0.
    private static string Heading(int index, ReasoningStep step)
    {
        var category = step.Category is { } known ? StepNames.Of(known) : "-";
        var importance = step.Importance?.ToString("0.000", CultureInfo.InvariantCulture) ?? "-";
        var decision = step.Decision is { } made ? StepNames.Of(made) : "-";
        var note = step.Note is null ? "" : $": {TerminalText.Clean(step.Note)}";
        return $"{index,4}  {category,-23} {importance,8}  {decision}{note}";
    }

    private static string Marked(RunTrace trace, ReasoningStep step)
    {
        var text = TextOf(trace, step);
        return step.Decision == StepDecision.Removed ? $"[-{text}-]" : text;
    }

    // Offsets are clamped, because a damaged run should be shown as far as it can be.
    private static string TextOf(RunTrace trace, ReasoningStep step)
    {
        var start = Math.Clamp(step.Start, 0, trace.Reasoning.Length);
        var end = Math.Clamp(step.End, start, trace.Reasoning.Length);
        return TerminalText.Clean(trace.Reasoning[start..end]).Trim('\n');
    }

    private static Color Colour(StepCategory? category) => category switch
    {
        StepCategory.Verification => Color.Yellow,
        StepCategory.MultiMethodValidation => Color.Aqua,
        StepCategory.ErrorCorrection => Color.Fuchsia,
        _ => Color.Default,
    };
}
