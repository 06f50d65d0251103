using System.Collections.Concurrent;

namespace ML.Pipelines.Pruning;

/// <summary>Keeps scores in memory by the hash of what was asked, so that Fit and the Transform after it pay for a row once.</summary>
internal sealed class CachingStepScorer(IStepScorer inner) : IStepScorer
{
    private readonly ConcurrentDictionary<string, StepScores> _scores = new(StringComparer.Ordinal);

    public async ValueTask<StepScores> ScoreAsync(StepScoringRequest request, CancellationToken cancellationToken)
    {
        var key = request.Hash();
        if (_scores.TryGetValue(key, out var known)) return known;
        var scores = await inner.ScoreAsync(request, cancellationToken).ConfigureAwait(false);
        _scores[key] = scores;
        return scores;
    }
}
