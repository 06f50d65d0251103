using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ML.Pipelines.Teachers;

/// <summary>One question to a teacher. Everything here but the row and the stage is part of the call's identity in the journal.</summary>
/// <remarks>What is null is left to the teacher. Where the last message is the assistant's, the reply continues it.</remarks>
public sealed record TeacherCall
{
    /// <summary>The id of the row that the call is for.</summary>
    public required string RowId { get; init; }

    /// <summary>The stage that calls.</summary>
    public required string Stage { get; init; }

    /// <summary>The conversation so far, at least one message.</summary>
    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    /// <summary>The most tokens of the reply, at least 1. A reply that needs more is an error, never cut data.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>The temperature of sampling, at least 0; 0: greedy.</summary>
    public float? Temperature { get; init; }

    /// <summary>The probability mass that tokens are drawn from, above 0 to 1.</summary>
    public float? TopP { get; init; }

    /// <summary>The number of most likely tokens that are drawn from, at least 1.</summary>
    public int? TopK { get; init; }

    /// <summary>What the logits of tokens that were there are divided by, above 0; 1: nothing changes.</summary>
    public float? RepetitionPenalty { get; init; }

    /// <summary>The seed of sampling. Give each of several replies to the same messages its own: equal calls have one reply.</summary>
    public long? Seed { get; init; }

    /// <summary>Texts that end the reply; they are not part of it.</summary>
    public IReadOnlyList<string> StopSequences { get; init; } = [];

    /// <summary>The JSON schema of the reply; null: the reply is text.</summary>
    public JsonElement? ReplySchema { get; init; }
}
