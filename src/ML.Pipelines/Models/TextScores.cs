using ML.Pipelines.Text;

namespace ML.Pipelines.Models;

/// <summary>The scores of a text's tokens, or its overflow.</summary>
public sealed record TextScores
{
    /// <summary>The tokens of the text in order; empty on overflow.</summary>
    public required IReadOnlyList<TokenScore> Tokens { get; init; }

    /// <summary>Tokens that the model read; 0: the scorer does not tell.</summary>
    public long InputTokens { get; init; }

    /// <summary>Set when context and text do not fit the model together.</summary>
    public ContextOverflow? Overflow { get; init; }
}

/// <summary>How probable a token is.</summary>
/// <param name="Span">The UTF-16 code units of the text that it stands for; those of a character of several tokens have the same span. A
/// tokenizer that rewrites the text (Unicode normalization) gives its tokens the span of their word and the white space before it.</param>
/// <param name="LogProbability">Natural logarithm, nats, at most 0.</param>
public readonly record struct TokenScore(TextSpan Span, double LogProbability);
