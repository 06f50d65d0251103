using System.Text.Json;

namespace ML.Pipelines.Teachers;

/// <summary>What a teacher answered in JSON: exactly one of <see cref="Value"/> and <see cref="Error"/> is set.</summary>
public sealed record StructuredReply
{
    /// <summary>The value, of the schema asked for; null with an error.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>Why there is no value: the row goes to quarantine with it; null with a value.</summary>
    public RowError? Error { get; init; }

    /// <summary>Tokens that the teacher read, for the repair too; 0 where it does not tell.</summary>
    public long InputTokens { get; init; }

    /// <summary>Tokens that the teacher wrote, for the repair too; 0 where it does not tell.</summary>
    public long OutputTokens { get; init; }

    /// <summary>Whether the teacher was asked a second time.</summary>
    public bool Repaired { get; init; }

    /// <summary>Reads the JSON in a reply.</summary>
    /// <param name="reply">The reply.</param>
    /// <param name="schema">The schema; null: any object or array.</param>
    public static StructuredReply Read(TeacherReply reply, JsonElement? schema)
    {
        ArgumentNullException.ThrowIfNull(reply);
        var read = new StructuredReply { InputTokens = reply.InputTokens, OutputTokens = reply.OutputTokens };
        if (reply.Error is { } error) return read with { Error = error };
        var (value, fault) = ReplyJson.Find(reply.Text!, schema);
        return value is null ? read with { Error = new(ErrorCode.TeacherInvalidJson, $"The reply is not the JSON asked for: {fault}") }
            : read with { Value = value };
    }
}
