using ML.Pipelines.Models;
using ML.Pipelines.Pruning;
using ML.Pipelines.Text;

namespace ML.Pipelines.Cli.Evaluation;

/// <summary>Chains as the pruning stage gives them to a scorer: the prefix and the bridge of <see cref="PruningOptions"/>, and steps that
/// hold the blank line behind them.</summary>
internal static class ChainScoring
{
    private const string Separator = "\n\n";
    private static readonly PruningOptions Options = new();

    /// <summary>The text between chain and answer.</summary>
    public static string Bridge => Options.Bridge;

    /// <summary>The text before the chain.</summary>
    public static string Prefix(string question) => Options.Prefix.Replace("{question}", question, StringComparison.Ordinal);

    /// <summary>The steps as segments of the chain.</summary>
    public static IReadOnlyList<string> Segments(IReadOnlyList<string> steps) =>
        [.. steps.Select((step, index) => index < steps.Count - 1 ? step + Separator : step)];

    /// <summary>The importance of every step for the answer, in nats per token.</summary>
    /// <exception cref="PipelineException">The chain cannot be scored.</exception>
    public static async Task<double[]> ImportanceAsync(
        ILanguageScorer scorer, string question, IReadOnlyList<string> steps, string answer, CancellationToken cancellationToken)
    {
        var end = 0;
        TextSpan[] spans = [.. Segments(steps).Select(segment => new TextSpan(end, end += segment.Length))];
        var scores = await new LanguageStepScorer(scorer).ScoreAsync(
            new("", Prefix(question), string.Join(Separator, steps), spans, spans.Length, Bridge, answer,
                [.. Enumerable.Range(0, spans.Length)]),
            cancellationToken).ConfigureAwait(false);
        return scores.Error is { } error ? throw new PipelineException(error.Code, error.Message)
            : [.. scores.Importance.Select(importance => importance!.Value)];
    }

    /// <summary>The index of the highest importance; the first of equals.</summary>
    public static int Top(IReadOnlyList<double> importance) =>
        Enumerable.Range(0, importance.Count).MaxBy(step => importance[step]);
}
