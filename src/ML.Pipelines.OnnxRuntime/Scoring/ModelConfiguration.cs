using System.Text.Json;

namespace ML.Pipelines.OnnxRuntime.Scoring;

/// <summary>What config.json and tokenizer_config.json say that a scorer needs.</summary>
/// <param name="ContextLength">max_position_embeddings (n_positions in older files).</param>
/// <param name="Vocabulary">vocab_size.</param>
/// <param name="BeginOfText">bos_token, unless add_bos_token is false.</param>
internal sealed record ModelConfiguration(int? ContextLength, int? Vocabulary, string? BeginOfText)
{
    /// <exception cref="PipelineException">With <see cref="ErrorCode.DamagedModel"/>: a file is not a JSON object of the expected
    /// types.</exception>
    public static ModelConfiguration Read(OnnxModel model)
    {
        var (context, vocabulary) = Open(model, "config.json", root =>
            (Number(root, "max_position_embeddings") ?? Number(root, "n_positions"), Number(root, "vocab_size")));
        return new(context, vocabulary, Open(model, "tokenizer_config.json", BeginToken));
    }

    /// <summary>Reads a JSON file of the model; the type's default where there is no such file.</summary>
    /// <exception cref="PipelineException">As <see cref="Read"/>.</exception>
    public static T? Open<T>(OnnxModel model, string file, Func<JsonElement, T> read)
    {
        if (model.Read(file) is not { } bytes)
            return default;
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return read(document.RootElement);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
        {
            throw new PipelineException(ErrorCode.DamagedModel, $"{model.Describe(file)} cannot be read: {fault.Message}", fault);
        }
    }

    private static int? Number(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetInt32() : null;

    private static string? BeginToken(JsonElement root)
    {
        if (root.TryGetProperty("add_bos_token", out var adds) && adds.ValueKind == JsonValueKind.False
            || !root.TryGetProperty("bos_token", out var token))
            return null;
        return token.ValueKind == JsonValueKind.Object ? token.GetProperty("content").GetString() : token.GetString();
    }
}
