using System.Security.Cryptography;
using System.Text;

namespace ML.Pipelines.Compression;

/// <summary>Where the self-information of words and the likelihood of answers come from.</summary>
/// <remarks>Implementations are safe for concurrent calls.</remarks>
public interface IWordScorer
{
    /// <summary>The number of tokens of a text; asks no model.</summary>
    int CountTokens(string text);

    /// <summary>Scores a chain's words.</summary>
    ValueTask<WordScores> ScoreWordsAsync(WordScoringRequest request, CancellationToken cancellationToken);

    /// <summary>Scores the answer behind a chain.</summary>
    ValueTask<AnswerScore> ScoreAnswerAsync(AnswerScoringRequest request, CancellationToken cancellationToken);
}

/// <summary>A chain whose words are to be scored.</summary>
/// <param name="RowId">The row's id.</param>
/// <param name="Prefix">The text before the chain.</param>
/// <param name="Chain">The chain.</param>
/// <param name="Words">Its words.</param>
/// <param name="Bridge">The text between chain and answer.</param>
/// <param name="Answer">The answer; null when only self-information is asked for.</param>
/// <param name="MaxSegments">The most segments to leave out, at least 1.</param>
public sealed record WordScoringRequest(
    string RowId, string Prefix, string Chain, IReadOnlyList<ChainWord> Words, string Bridge, string? Answer, int MaxSegments)
{
    /// <summary>SHA-256 over all that decides the scores, and the row's id; lower-case hexadecimal.</summary>
    internal string Hash() => RequestHash.Of(
        ["words", RowId, Prefix, Chain, Bridge, Answer],
        [MaxSegments, .. Words.SelectMany(word => (int[])[word.Span.End, word.IsProtected ? 1 : 0])]);
}

/// <summary>The scores of a chain's words, or why it has none.</summary>
/// <param name="Information">Self-information of each word, in nats.</param>
/// <param name="Importance">By how much the answer's mean negative log-likelihood (nats per answer token) rises without the word: the rise
/// without its segment, shared among the segment's words; 0 for protected words and where no answer was asked for.</param>
/// <param name="AnswerLoss">The answer's mean negative log-likelihood behind the whole chain; null where no answer was asked for.</param>
/// <param name="Error">Set when the row cannot be scored.</param>
/// <param name="InputTokens">Tokens that the model read.</param>
public sealed record WordScores(
    IReadOnlyList<double> Information, IReadOnlyList<double> Importance, double? AnswerLoss = null, RowError? Error = null,
    long InputTokens = 0)
{
    /// <summary>No scores because of an error.</summary>
    public static WordScores Failed(RowError error) => new([], [], null, error);
}

/// <summary>An answer to be scored behind a chain.</summary>
/// <param name="RowId">The row's id.</param>
/// <param name="Prefix">The text before the chain.</param>
/// <param name="Chain">The chain.</param>
/// <param name="Bridge">The text between chain and answer.</param>
/// <param name="Answer">The answer.</param>
public sealed record AnswerScoringRequest(string RowId, string Prefix, string Chain, string Bridge, string Answer)
{
    /// <summary>SHA-256 over all that decides the score, and the row's id; lower-case hexadecimal.</summary>
    internal string Hash() => RequestHash.Of(["answer", RowId, Prefix, Chain, Bridge, Answer], []);
}

/// <summary>How likely an answer is, or why it has no score.</summary>
/// <param name="Loss">Its mean negative log-likelihood, nats per token.</param>
/// <param name="Error">Set when it cannot be scored.</param>
/// <param name="InputTokens">Tokens that the model read.</param>
public sealed record AnswerScore(double Loss, RowError? Error = null, long InputTokens = 0);

/// <summary>What identifies a request in a journal.</summary>
internal static class RequestHash
{
    public static string Of(IEnumerable<string?> texts, IEnumerable<int> numbers)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var text in texts)
        {
            hash.AppendData(BitConverter.GetBytes(text?.Length ?? -1));
            hash.AppendData(Encoding.Unicode.GetBytes(text ?? ""));
        }
        foreach (var number in numbers) hash.AppendData(BitConverter.GetBytes(number));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
