using Microsoft.Extensions.AI;

namespace ML.Pipelines.Teachers;

/// <summary>The names of what <see cref="ChatOptions.AdditionalProperties"/> carries between a <see cref="Teacher"/> and its
/// clients.</summary>
public static class CallProperties
{
    /// <summary>The id of the row that a call is for (string); not sent to a server.</summary>
    public const string RowId = "mlpipelines.row_id";

    /// <summary>The stage that calls (string); not sent to a server.</summary>
    public const string Stage = "mlpipelines.stage";

    /// <summary>The repetition penalty (float), which <see cref="ChatOptions"/> lacks.</summary>
    public const string RepetitionPenalty = "repetition_penalty";

    /// <summary>Whether a property tells who calls and not what is asked.</summary>
    public static bool IsIdentity(string name) => name is RowId or Stage;

    /// <summary>The options of a call.</summary>
    internal static ChatOptions ToOptions(TeacherCall call)
    {
        var options = new ChatOptions
        {
            MaxOutputTokens = call.MaxOutputTokens,
            Temperature = call.Temperature,
            TopP = call.TopP,
            TopK = call.TopK,
            Seed = call.Seed,
            StopSequences = call.StopSequences.Count == 0 ? null : [.. call.StopSequences],
            ResponseFormat = call.ReplySchema is { } schema ? ChatResponseFormat.ForJsonSchema(schema, "reply") : null,
            AdditionalProperties = new() { [RowId] = call.RowId, [Stage] = call.Stage },
        };
        if (call.RepetitionPenalty is { } penalty) options.AdditionalProperties[RepetitionPenalty] = penalty;
        return options;
    }
}
