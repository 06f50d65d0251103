using ML.Pipelines.Models;
using ML.Pipelines.Runs;

namespace ML.Pipelines.Pruning;

/// <summary>Counts what scoring would cost, without scoring: for a plan's estimate. All importances are 0.</summary>
/// <param name="scorer">Counts tokens; it is not asked for scores.</param>
/// <param name="report">Is told what each request would take.</param>
/// <param name="overflow">What happens to chains longer than the scorer's context.</param>
public sealed class EstimatingStepScorer(
    ILanguageScorer scorer, Action<ModelUsage> report, OverflowPolicy overflow = OverflowPolicy.Quarantine) : IStepScorer
{
    private readonly LanguageStepScorer _scorer = new(new EstimatingLanguageScorer(scorer), overflow);

    /// <inheritdoc/>
    public async ValueTask<StepScores> ScoreAsync(StepScoringRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var scores = await _scorer.ScoreAsync(request, cancellationToken).ConfigureAwait(false);
        if (scores.InputTokens > 0) report(new(1, scores.InputTokens, 0));
        return scores;
    }
}
