namespace ML.Pipelines.Models;

/// <summary>A causal language model as a reader of texts: how probable each token of a text is after all before it.</summary>
/// <remarks>
/// Context and text are tokenized apart and their ids concatenated; special tokens are never read out of them. A scorer puts its model's
/// begin-of-text token first. Implementations are safe for concurrent calls.
/// </remarks>
public interface ITextScorer
{
    /// <summary>What this scorer is: name, fingerprint, context length.</summary>
    ScorerInfo Info { get; }

    /// <summary>Scores every token of a text after a context and the tokens before it.</summary>
    /// <param name="context">The text before; may be empty.</param>
    /// <param name="text">The text to score; without tokens it has no scores.</param>
    /// <param name="cancellationToken">Cancels between model calls.</param>
    /// <returns>The scores, or a context overflow; never those of a silently shortened text.</returns>
    /// <exception cref="ArgumentException">Nothing precedes the first token: the context has no tokens, and the model no begin-of-text
    /// token.</exception>
    ValueTask<TextScores> ScoreTextAsync(string context, string text, CancellationToken cancellationToken = default);
}
