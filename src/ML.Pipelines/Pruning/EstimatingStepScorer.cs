using ML.Pipelines.Models;
using ML.Pipelines.Runs;

namespace ML.Pipelines.Pruning;

/// <summary>Counts what scoring would cost, without scoring: for a plan's estimate. All importances are 0.</summary>
/// <param name="scorer">Counts tokens; it is not asked for scores.</param>
/// <param name="report">Is told what each request would take.</param>
public sealed class EstimatingStepScorer(ILanguageScorer scorer, Action<ModelUsage> report) : IStepScorer
{
    /// <inheritdoc/>
    public ValueTask<StepScores> ScoreAsync(StepScoringRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            return new(Estimate(request));
        }
        catch (PipelineException fault) when (fault.Code == ErrorCode.TokenOutOfRange)
        {
            return new(StepScores.Failed(new RowError(fault.Code, fault.Message)));
        }
    }

    private StepScores Estimate(StepScoringRequest request)
    {
        int[] tokens = [.. request.Steps.Select(step => scorer.CountTokens(step.In(request.Reasoning).ToString()))];
        var importance = new double?[tokens.Length];
        if (request.Answer is null || request.Candidates.Count == 0) return new(tokens, importance);
        foreach (var candidate in request.Candidates) importance[candidate] = 0;
        var read = Read(request, tokens);
        report(new(1, read, 0));
        return new(tokens, importance, InputTokens: read);
    }

    // The chain once, and for each candidate what follows it: what comes before is in the cache. Nothing follows the answer's last token,
    // and a begin-of-text token stands before the first.
    private long Read(StepScoringRequest request, int[] tokens)
    {
        var steps = tokens.AsSpan(0, request.ContextSteps);
        long chain = 0;
        foreach (var step in steps) chain += step;
        var end = (long)scorer.CountTokens(request.Bridge) + scorer.CountTokens(request.Answer!) - 1;
        var read = scorer.CountTokens(request.Prefix) + chain + 1 + end;
        foreach (var candidate in request.Candidates)
        {
            read += end;
            foreach (var step in steps[(candidate + 1)..]) read += step;
        }
        return read;
    }
}
