namespace ML.Pipelines.Testing;

/// <summary>What a <see cref="FakeTeacherServer"/> replies where nothing goes wrong.</summary>
/// <param name="Text">The text; may be empty.</param>
public sealed record FakeReply(string Text)
{
    /// <summary>Why the reply ends: <c>stop</c>, <c>length</c>, <c>content_filter</c> or anything else.</summary>
    public string FinishReason { get; init; } = "stop";

    /// <summary>The chain of thought, sent as <c>reasoning_content</c>; null: none.</summary>
    public string? Reasoning { get; init; }

    /// <summary>A refusal in the field of its own that OpenAI has; null: none.</summary>
    public string? Refusal { get; init; }

    /// <summary>The tokens of the prompt that usage tells.</summary>
    public long InputTokens { get; init; } = 10;

    /// <summary>The tokens of the reply that usage tells.</summary>
    public long OutputTokens { get; init; } = 5;
}
