using ML.Pipelines.Text;

namespace ML.Pipelines.Compression;

/// <summary>What compression reads of a row.</summary>
/// <param name="Id">The row's id.</param>
/// <param name="Question">The question.</param>
/// <param name="Chain">The chain of thought.</param>
/// <param name="Answer">The answer; null or blank: the chain's own statement of it, where there is one.</param>
/// <param name="ProtectedPhrases">Phrases whose words stay, beside those of the options.</param>
public sealed record CompressionRow(string Id, string Question, string Chain, string? Answer, IReadOnlyList<string> ProtectedPhrases);

/// <summary>A compressed chain with its evidence.</summary>
/// <param name="Text">The kept words.</param>
/// <param name="Rate">The share of words that was to go.</param>
/// <param name="Words">Words before.</param>
/// <param name="KeptWords">Words after.</param>
/// <param name="Tokens">The scorer's tokens before.</param>
/// <param name="KeptTokens">The scorer's tokens after.</param>
/// <param name="Dropped">What was dropped, in order; neighbouring words are one span.</param>
/// <param name="AnswerLoss">The answer's mean negative log-likelihood behind the whole chain, nats per token; null where it was not asked
/// for.</param>
/// <param name="KeptAnswerLoss">The same behind the kept words.</param>
/// <param name="Note">Why the rate is more than 2 points off (<see cref="ProtectedNote"/>, <see cref="WholeWordsNote"/>), or null.</param>
public sealed record CompressedChain(
    string Text, double Rate, int Words, int KeptWords, int Tokens, int KeptTokens, IReadOnlyList<DroppedSpan> Dropped,
    double? AnswerLoss, double? KeptAnswerLoss, string? Note)
{
    /// <summary>More words are protected than the rate leaves.</summary>
    public const string ProtectedNote = "protected";

    /// <summary>No whole number of words is nearer to the rate: the chain has fewer than 25.</summary>
    public const string WholeWordsNote = "whole-words";

    /// <summary>The share of words that went, 0 to 1: C3oT's rho over words; 0 for a chain without words.</summary>
    public double AchievedRate => Words == 0 ? 0 : (double)(Words - KeptWords) / Words;
}

/// <summary>Neighbouring words that were dropped.</summary>
/// <param name="Start">The first one's UTF-16 offset in the chain.</param>
/// <param name="End">The offset after the last one.</param>
/// <param name="Words">How many words.</param>
/// <param name="Information">Their self-information, nats; null where none was asked for.</param>
/// <param name="Importance">What they do for the answer's likelihood, nats per answer token; null where it was not asked for.</param>
public sealed record DroppedSpan(int Start, int End, int Words, double? Information, double? Importance)
{
    /// <summary>The span.</summary>
    public TextSpan Span => new(Start, End);
}
