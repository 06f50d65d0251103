using System.Collections.Concurrent;
using ML.Pipelines.Models;
using ML.Pipelines.Runs;

namespace ML.Pipelines.Compression;

/// <summary>Counts what scoring words would cost, without scoring: for a plan's estimate.</summary>
/// <remarks>Scores stand in for real ones: the words that go are spread evenly over the chain. Each call is counted once, as by
/// <see cref="JournalingWordScorer"/>. How many cuts of a chain differ cannot be known before:
/// where an answer is asked for behind one, it is counted behind the most that there may be.</remarks>
/// <param name="scorer">Counts tokens; it is not asked for scores.</param>
/// <param name="words">How words are chosen: a cut by self-information, and one for each weight.</param>
/// <param name="report">Is told what each call would take.</param>
public sealed class EstimatingWordScorer(ILanguageScorer scorer, WordChoiceOptions words, Action<ModelUsage> report) : IWordScorer
{
    // The multiples' fractions are spread as evenly as can be, wherever a sequence of them is cut.
    private const double GoldenRatio = 1.618033988749895;

    private readonly LanguageWordScorer _scorer = Of(new(scorer));
    private readonly ConcurrentDictionary<string, bool> _counted = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public int CountTokens(string text) => scorer.CountTokens(text);

    /// <inheritdoc/>
    public async ValueTask<WordScores> ScoreWordsAsync(WordScoringRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var scores = await _scorer.ScoreWordsAsync(request, cancellationToken).ConfigureAwait(false);
        if (scores.Error is not null) return scores;
        Count(request.Hash(), 1, scores.InputTokens);
        return scores with { Information = [.. request.Words.Select((_, i) => i * GoldenRatio % 1)] };
    }

    /// <inheritdoc/>
    public async ValueTask<AnswerScore> ScoreAnswerAsync(AnswerScoringRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var score = await _scorer.ScoreAnswerAsync(request, cancellationToken).ConfigureAwait(false);
        if (score.Error is null) Count(request.Hash(), 1 + words.InformationWeights.Count, score.InputTokens);
        return score;
    }

    private void Count(string call, int calls, long tokens)
    {
        if (_counted.TryAdd(call, true)) report(new(calls, calls * tokens, 0));
    }

    private static LanguageWordScorer Of(EstimatingLanguageScorer scorer) => new(scorer, scorer);
}
