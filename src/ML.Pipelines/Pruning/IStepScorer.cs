using System.Security.Cryptography;
using System.Text;
using ML.Pipelines.Text;

namespace ML.Pipelines.Pruning;

/// <summary>Where the importances of steps come from: a language model, or the evidence of an earlier run.</summary>
public interface IStepScorer
{
    /// <summary>Counts the tokens of all steps and scores the candidates among those in the context.</summary>
    ValueTask<StepScores> ScoreAsync(StepScoringRequest request, CancellationToken cancellationToken);
}

/// <summary>A chain whose steps are to be scored.</summary>
/// <param name="RowId">The row's id.</param>
/// <param name="Prefix">The text before the chain.</param>
/// <param name="Reasoning">The chain.</param>
/// <param name="Steps">All its steps.</param>
/// <param name="ContextSteps">How many of the first steps are in the scored context; the rest is the answer-bearing tail.</param>
/// <param name="Bridge">The text between chain and answer.</param>
/// <param name="Answer">The answer; null when only tokens are to be counted.</param>
/// <param name="Candidates">Ascending indices of the steps to score, all below <paramref name="ContextSteps"/>.</param>
public sealed record StepScoringRequest(
    string RowId, string Prefix, string Reasoning, IReadOnlyList<TextSpan> Steps, int ContextSteps, string Bridge, string? Answer,
    IReadOnlyList<int> Candidates)
{
    /// <summary>SHA-256 over all that decides the scores, and the row's id; lower-case hexadecimal.</summary>
    internal string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var text in (string?[])[RowId, Prefix, Reasoning, Bridge, Answer])
        {
            hash.AppendData(BitConverter.GetBytes(text?.Length ?? -1));
            hash.AppendData(Encoding.Unicode.GetBytes(text ?? ""));
        }
        foreach (var step in Steps) hash.AppendData(BitConverter.GetBytes(step.End));
        hash.AppendData(BitConverter.GetBytes(ContextSteps));
        foreach (var candidate in Candidates) hash.AppendData(BitConverter.GetBytes(candidate));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>The scores of a chain, or why it has none.</summary>
/// <param name="Tokens">Tokens of each step.</param>
/// <param name="Importance">Importance of each step in nats per answer token; null where not scored.</param>
/// <param name="Truncated">How many of the first steps were left out of the context because it did not fit.</param>
/// <param name="Error">Set when the row cannot be scored.</param>
/// <param name="InputTokens">Tokens that the model read; 0 where it does not tell or none was asked.</param>
public sealed record StepScores(
    IReadOnlyList<int> Tokens, IReadOnlyList<double?> Importance, int Truncated = 0, RowError? Error = null, long InputTokens = 0)
{
    /// <summary>No scores because of an error.</summary>
    public static StepScores Failed(RowError error) => new([], [], 0, error);
}
