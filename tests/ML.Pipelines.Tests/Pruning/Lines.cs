using ML.Pipelines.Pruning;
using ML.Pipelines.Text;

namespace ML.Pipelines.Tests.Pruning;

/// <summary>Chains whose lines are their steps; a line's first letter is its category: P, V, M, E.</summary>
internal sealed class Lines : IStepSegmenter, IStepClassifier
{
    private const string Letters = "PVME";

    public ValueTask<IReadOnlyList<TextSpan>> SegmentAsync(string reasoning, CancellationToken cancellationToken = default) => new(Split(reasoning));

    public ValueTask<IReadOnlyList<StepLabel>> ClassifyAsync(
        string reasoning, IReadOnlyList<TextSpan> steps, CancellationToken cancellationToken = default) =>
        new([.. steps.Select(step => new StepLabel(Category(reasoning[step.Start]), reasoning[step.Start].ToString()))]);

    public static StepCategory Category(char letter) => (StepCategory)Letters.IndexOf(letter, StringComparison.Ordinal);

    /// <summary>A row of a chain.</summary>
    public static PruningRow Row(params string[] lines) => RowOf("r1", "42", lines);

    /// <summary>A row of a chain.</summary>
    public static PruningRow RowOf(string id, string? answer, params string[] lines)
    {
        var reasoning = string.Concat(lines.Select(line => line + "\n"));
        var steps = Array.ConvertAll(Split(reasoning), span => new ReasoningStep(span.Start, span.End) { Category = Category(reasoning[span.Start]) });
        return new(id, "What is it?", reasoning, answer, null, true, steps);
    }

    public static TextSpan[] Split(string reasoning)
    {
        var ends = Enumerable.Range(1, reasoning.Length).Where(end => end == reasoning.Length || reasoning[end - 1] == '\n').ToArray();
        return [.. ends.Select((end, i) => new TextSpan(i == 0 ? 0 : ends[i - 1], end))];
    }
}
