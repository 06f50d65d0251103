using System.Collections.Concurrent;
using ML.Pipelines.Compression;

namespace ML.Pipelines.Tests.Compression;

/// <summary>
/// A scorer without a model. A word's self-information is its length; its importance is .1 for each 'x' in it; the answer's loss behind a
/// chain is 10 less .1 for each 'x' in the chain. A chain with a skull cannot be scored.
/// </summary>
internal sealed class FakeWordScorer : IWordScorer
{
    private readonly ConcurrentQueue<string> _calls = new();

    /// <summary>All calls so far: the kind and the chain.</summary>
    public IReadOnlyList<string> Calls => [.. _calls];

    public int CountTokens(string text) => text.Length;

    public ValueTask<WordScores> ScoreWordsAsync(WordScoringRequest request, CancellationToken cancellationToken)
    {
        _calls.Enqueue($"words {request.Chain}");
        if (request.Chain.Contains('☠', StringComparison.Ordinal))
            return new(WordScores.Failed(new(ErrorCode.TokenOutOfRange, "A skull.")));
        var words = request.Words.Select(word => word.Span.In(request.Chain).ToString()).ToArray();
        double[] information = [.. words.Select(word => (double)word.Length)];
        return new(request.Answer is null
            ? new WordScores(information, new double[words.Length], InputTokens: 7)
            : new WordScores(information, [.. words.Select(word => .1 * Crosses(word))], Loss(request.Chain), null, 7));
    }

    public ValueTask<AnswerScore> ScoreAnswerAsync(AnswerScoringRequest request, CancellationToken cancellationToken)
    {
        _calls.Enqueue($"answer {request.Chain}");
        return new(new AnswerScore(Loss(request.Chain), null, 3));
    }

    private static double Loss(string chain) => 10 - .1 * Crosses(chain);

    private static int Crosses(string text) => text.Count(character => character == 'x');
}
