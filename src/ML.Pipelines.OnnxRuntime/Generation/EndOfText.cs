using System.Text.Json;
using ML.Pipelines.OnnxRuntime.Scoring;

namespace ML.Pipelines.OnnxRuntime.Generation;

/// <summary>The tokens that end a text: <c>eos_token_id</c> of generation_config.json, else of config.json; a number or a list.</summary>
internal static class EndOfText
{
    /// <summary>The ids; none where neither file names one, and only the length then ends a text.</summary>
    /// <exception cref="PipelineException">With <see cref="ErrorCode.DamagedModel"/>: a file is not JSON of these types.</exception>
    public static IReadOnlyList<int> Ids(OnnxModel model) =>
        ModelConfiguration.Open(model, "generation_config.json", Read) ?? ModelConfiguration.Open(model, "config.json", Read) ?? [];

    private static int[]? Read(JsonElement root)
    {
        if (!root.TryGetProperty("eos_token_id", out var ids) || ids.ValueKind == JsonValueKind.Null)
            return null;
        return ids.ValueKind == JsonValueKind.Array ? [.. ids.EnumerateArray().Select(id => id.GetInt32())] : [ids.GetInt32()];
    }
}
