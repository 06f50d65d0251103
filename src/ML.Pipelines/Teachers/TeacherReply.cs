namespace ML.Pipelines.Teachers;

/// <summary>What a teacher answered: exactly one of <see cref="Text"/> and <see cref="Error"/> is set.</summary>
public sealed record TeacherReply
{
    /// <summary>The reply as it came, never empty; null with an error.</summary>
    public string? Text { get; init; }

    /// <summary>Why there is no reply to use: the row goes to quarantine with it; null with a text.</summary>
    public RowError? Error { get; init; }

    /// <summary>The chain of thought before the reply, where the server tells it apart from the reply; otherwise null.</summary>
    public string? Reasoning { get; init; }

    /// <summary>Tokens that the teacher read; 0 where it does not tell.</summary>
    public long InputTokens { get; init; }

    /// <summary>Tokens that the teacher wrote, its reasoning included; 0 where it does not tell.</summary>
    public long OutputTokens { get; init; }

    /// <summary>Why the teacher stopped, for example <c>stop</c> or <c>length</c>; null where it does not tell.</summary>
    public string? FinishReason { get; init; }

    internal static TeacherReply Failed(string code, string message, int attempts = 1) =>
        new() { Error = new RowError(code, message, attempts) };
}
