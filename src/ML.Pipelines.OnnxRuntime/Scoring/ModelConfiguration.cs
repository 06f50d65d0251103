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

    /// <summary>The most tokens of a context with its continuation.</summary>
    /// <exception cref="PipelineException">With <see cref="ErrorCode.Configuration"/>: neither options nor files say.</exception>
    public int RequireContextLength(OnnxModel model, OnnxSessionOptions options) =>
        options.ContextLength ?? ContextLength ?? throw new PipelineException(ErrorCode.Configuration,
            $"{model.Describe("config.json")} does not say max_position_embeddings: set the option {nameof(options.ContextLength)}.");

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
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new PipelineException(ErrorCode.DamagedModel, $"{model.Describe(file)} cannot be read: {fault.Message}", fault);
        }
    }

    private static int? Number(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetInt32() : null;

    /// <summary>A special token of tokenizer_config.json: a string, or an object with its content; null where there is none.</summary>
    public static string? Token(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var token)) return null;
        return token.ValueKind == JsonValueKind.Object ? token.GetProperty("content").GetString() : token.GetString();
    }

    private static string? BeginToken(JsonElement root) =>
        root.TryGetProperty("add_bos_token", out var adds) && adds.ValueKind == JsonValueKind.False ? null : Token(root, "bos_token");
}
