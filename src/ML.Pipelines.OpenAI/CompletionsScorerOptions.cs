using ML.Pipelines.Models;

namespace ML.Pipelines.OpenAI;

/// <summary>How a <see cref="CompletionsScorer"/> asks.</summary>
public sealed record CompletionsScorerOptions
{
    /// <summary>The most tokens that a context with its continuation may have; at least 2.</summary>
    public required int ContextLength { get; init; }

    /// <summary>The model's tokenizer: prompts are sent as its ids, and leaving a segment out removes exactly its tokens. Null: text is
    /// sent.</summary>
    public ITokenizer? Tokenizer { get; init; }

    /// <summary>The token that the model's texts begin with, for example <c>&lt;|endoftext|&gt;</c>; null: none. Only with a
    /// tokenizer.</summary>
    public string? BeginOfText { get; init; }

    /// <summary>The tokens to generate, which are not looked at: 0, or 1 for servers that must write something.</summary>
    public int GeneratedTokens { get; init; }

    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>.</exception>
    internal void Validate()
    {
        Require(ContextLength >= 2, nameof(ContextLength), "at least 2");
        Require(GeneratedTokens is 0 or 1, nameof(GeneratedTokens), "0 or 1");
        Require(BeginOfText is null || Tokenizer?.SpecialTokenId(BeginOfText) is not null,
            nameof(BeginOfText), "a special token of the tokenizer");
    }

    private static void Require(bool holds, string option, string range)
    {
        if (!holds) throw new PipelineException(ErrorCode.Configuration, $"{nameof(CompletionsScorerOptions)}.{option} must be {range}.");
    }
}
