using ML.Pipelines.Models;
using ML.Pipelines.Teachers;

namespace ML.Pipelines.Pruning;

/// <summary>Scores steps by leaving each candidate out of the chain and asking a language model for the answer's likelihood.</summary>
/// <remarks>All scores are against the original chain, computed once; nothing is scored again after a removal (LIMOPro Algorithm 1).</remarks>
public sealed class LanguageStepScorer(ILanguageScorer scorer, OverflowPolicy overflow = OverflowPolicy.Quarantine) : IStepScorer
{
    /// <inheritdoc/>
    public async ValueTask<StepScores> ScoreAsync(StepScoringRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            return await ScoreOrTruncateAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (PipelineException fault) when (fault.Code is ErrorCode.TokenOutOfRange or ErrorCode.NotFinite)
        {
            return StepScores.Failed(new RowError(fault.Code, fault.Message));
        }
        catch (TeacherFaultException fault)
        {
            // A scorer on a server throws it only for what concerns this request alone.
            return StepScores.Failed(fault.ToRowError());
        }
    }

    private async ValueTask<StepScores> ScoreOrTruncateAsync(StepScoringRequest request, CancellationToken cancellationToken)
    {
        var tokens = CountTokens(request);
        if (request.Answer is null || request.Candidates.Count == 0) return new(tokens, new double?[request.Steps.Count]);
        var result = await LeaveOneOutAsync(request, 0, cancellationToken).ConfigureAwait(false);
        if (result.Overflow is not { } first) return Scores(request, tokens, result, 0);
        var skip = FirstFittingStep(request, tokens, first);
        if (overflow == OverflowPolicy.Quarantine || skip is null) return StepScores.Failed(Overflow(first));
        var shorter = await LeaveOneOutAsync(request, skip.Value, cancellationToken).ConfigureAwait(false);
        return shorter.Overflow is { } second ? StepScores.Failed(Overflow(second)) : Scores(request, tokens, shorter, skip.Value);
    }

    private int[] CountTokens(StepScoringRequest request) =>
        [.. request.Steps.Select(step => scorer.CountTokens(step.In(request.Reasoning).ToString()))];

    private ValueTask<LeaveOneOutResult> LeaveOneOutAsync(StepScoringRequest request, int skip, CancellationToken cancellationToken) =>
        scorer.LeaveOneOutAsync(new LeaveOneOutRequest
        {
            Prefix = request.Prefix,
            Segments = [.. request.Steps.Take(request.ContextSteps).Skip(skip).Select(step => step.In(request.Reasoning).ToString())],
            Suffix = request.Bridge,
            Continuation = request.Answer!,
            LeaveOut = [.. request.Candidates.Where(candidate => candidate >= skip).Select(candidate => candidate - skip)],
        }, cancellationToken);

    private static StepScores Scores(StepScoringRequest request, int[] tokens, LeaveOneOutResult result, int skip)
    {
        var importance = new double?[request.Steps.Count];
        var scored = request.Candidates.Where(candidate => candidate >= skip).ToArray();
        for (var i = 0; i < scored.Length; i++) importance[scored[i]] = Finite(StepImportance.Of(result.Full, result.Without[i]), scored[i]);
        return new(tokens, importance, skip, InputTokens: result.InputTokens);
    }

    // Sorted, a NaN would be the lowest importance, and its step removed.
    private static double Finite(double importance, int step) => double.IsFinite(importance)
        ? importance
        : throw new PipelineException(ErrorCode.NotFinite,
            $"The importance of step {step} is {importance}: the model gave a log-probability that is no number. Check the model.");

    /// <summary>The first step from which on the chain fits; null when not even the empty chain does.</summary>
    private static int? FirstFittingStep(StepScoringRequest request, int[] tokens, ContextOverflow overflow)
    {
        var excess = overflow.RequiredTokens - overflow.ContextLength;
        for (var step = 0; step < request.ContextSteps; step++)
        {
            if (excess <= 0) return step;
            excess -= tokens[step];
        }
        return excess <= 0 ? request.ContextSteps : null;
    }

    private static RowError Overflow(ContextOverflow overflow) => new(ErrorCode.ContextOverflow,
        $"The scored context has {overflow.RequiredTokens} tokens; the model takes {overflow.ContextLength}. Use a model with a longer "
            + "context, or set overflow: truncate-earliest.");
}
