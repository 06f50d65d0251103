namespace ML.Pipelines.Models;

/// <summary>
/// A causal language model as a judge of texts: log-likelihoods of a continuation given a context. Natural logarithms, nats per token.
/// </summary>
/// <remarks>
/// Text is tokenized piece by piece (prefix, each segment, suffix, continuation) and the ids concatenated, so that leaving a segment
/// out removes exactly its tokens. Special tokens are never read out of the text. A scorer puts its model's begin-of-text token first.
/// Implementations are safe for concurrent calls.
/// </remarks>
public interface ILanguageScorer : IDisposable
{
    /// <summary>What this scorer is: name, fingerprint, context length.</summary>
    ScorerInfo Info { get; }

    /// <summary>The number of tokens of a text on its own, without special tokens.</summary>
    int CountTokens(string text);

    /// <summary>
    /// Scores the continuation after the whole context, and after the context without each of the named segments in turn.
    /// </summary>
    /// <param name="request">The context in pieces, the continuation, and which segments to leave out.</param>
    /// <param name="cancellationToken">Cancels between model calls.</param>
    /// <returns>The scores, or a context overflow; never a silently shortened context.</returns>
    /// <exception cref="ArgumentException">The continuation has no tokens, or a segment index is out of range or not ascending.</exception>
    ValueTask<LeaveOneOutResult> LeaveOneOutAsync(LeaveOneOutRequest request, CancellationToken cancellationToken = default);
}
