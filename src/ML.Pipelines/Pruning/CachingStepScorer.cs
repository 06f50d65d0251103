using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace ML.Pipelines.Pruning;

/// <summary>Keeps scores in memory by the hash of what was asked, so that Fit and the Transform after it pay for a row once.</summary>
internal sealed class CachingStepScorer(IStepScorer inner) : IStepScorer
{
    private readonly ConcurrentDictionary<UInt128, StepScores> _scores = new();

    public async ValueTask<StepScores> ScoreAsync(StepScoringRequest request, CancellationToken cancellationToken)
    {
        var key = Key(request);
        if (_scores.TryGetValue(key, out var known)) return known;
        var scores = await inner.ScoreAsync(request, cancellationToken).ConfigureAwait(false);
        _scores[key] = scores;
        return scores;
    }

    private static UInt128 Key(StepScoringRequest request)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var text in (string?[])[request.RowId, request.Prefix, request.Reasoning, request.Bridge, request.Answer])
        {
            hash.AppendData(BitConverter.GetBytes(text?.Length ?? -1));
            hash.AppendData(Encoding.Unicode.GetBytes(text ?? ""));
        }
        foreach (var step in request.Steps) hash.AppendData(BitConverter.GetBytes(step.End));
        hash.AppendData(BitConverter.GetBytes(request.ContextSteps));
        foreach (var candidate in request.Candidates) hash.AppendData(BitConverter.GetBytes(candidate));
        return BitConverter.ToUInt128(hash.GetHashAndReset());
    }
}
