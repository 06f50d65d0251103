using System.Text.Json;
using ML.Pipelines.Models;
using ML.Pipelines.OnnxRuntime.Scoring;

namespace ML.Pipelines.OnnxRuntime.Generation;

/// <summary>The tokens that end a text: <c>eos_token_id</c> of generation_config.json, else of config.json; a number or a list.</summary>
internal static class EndOfText
{
    /// <summary>The ids; none where neither file names one, and only the length then ends a text.</summary>
    /// <exception cref="PipelineException">With <see cref="ErrorCode.DamagedModel"/>: a file is not JSON of these types.</exception>
    public static IReadOnlyList<int> Ids(OnnxModel model) =>
        ModelConfiguration.Open(model, "generation_config.json", Read) ?? ModelConfiguration.Open(model, "config.json", Read) ?? [];

    /// <summary>The same, else the tokenizer's eos_token.</summary>
    /// <exception cref="PipelineException">As <see cref="Ids(OnnxModel)"/>.</exception>
    public static IReadOnlyList<int> Ids(OnnxModel model, ITokenizer tokenizer) => Ids(model) is { Count: > 0 } ids ? ids
        : ModelConfiguration.Open(model, "tokenizer_config.json", root => ModelConfiguration.Token(root, "eos_token")) is { } token
            && tokenizer.SpecialTokenId(token) is { } id ? [id] : [];

    /// <summary>max_new_tokens of generation_config.json; null where it does not say.</summary>
    /// <exception cref="PipelineException">As <see cref="Ids(OnnxModel)"/>.</exception>
    public static int? MaxNewTokens(OnnxModel model) => ModelConfiguration.Open(model, "generation_config.json", root =>
        root.TryGetProperty("max_new_tokens", out var most) && most.ValueKind == JsonValueKind.Number ? most.GetInt32() : (int?)null);

    private static int[]? Read(JsonElement root)
    {
        if (!root.TryGetProperty("eos_token_id", out var ids) || ids.ValueKind == JsonValueKind.Null)
            return null;
        return ids.ValueKind == JsonValueKind.Array ? [.. ids.EnumerateArray().Select(id => id.GetInt32())] : [ids.GetInt32()];
    }
}
