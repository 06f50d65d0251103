namespace ML.Pipelines.OnnxRuntime.Generation;

/// <summary>A prompt to go on from.</summary>
/// <param name="Prompt">Its token ids, begin of text and template included; at least one.</param>
/// <param name="MaxNewTokens">The most tokens to add; at least 1.</param>
internal sealed record GenerationRequest(IReadOnlyList<int> Prompt, int MaxNewTokens)
{
    /// <summary>How tokens are chosen.</summary>
    public SamplingOptions Sampling { get; init; } = SamplingOptions.Greedy;

    /// <summary>Called with all new tokens after each one; true ends the row with <see cref="FinishReason.Stop"/> and keeps the token. It
    /// sees every token as it comes: stop strings and streaming hang here.</summary>
    public Func<IReadOnlyList<int>, bool>? StopsAfter { get; init; }
}

/// <summary>What the model added to a prompt.</summary>
/// <param name="Tokens">The new token ids, without the end-of-text token.</param>
/// <param name="Finish">Why there are no more.</param>
/// <param name="Decoded">The tokens that the model was asked for: the end-of-text token included.</param>
internal sealed record GenerationResult(IReadOnlyList<int> Tokens, FinishReason Finish, int Decoded);
