using System.IO.Compression;
using System.Text.Json;
using ML.Pipelines.OnnxRuntime.Generation;
using ML.Pipelines.OnnxRuntime.Tests.Tokenization;

namespace ML.Pipelines.OnnxRuntime.Tests.Generation;

/// <summary>What @huggingface/transformers generates greedily with the bundled model; eng/generation-golden.mjs makes and verifies
/// it.</summary>
/// <param name="Prompt">What the user says.</param>
/// <param name="PromptIds">The prompt's ids, template included.</param>
/// <param name="MaxNewTokens">The most tokens of the reply.</param>
/// <param name="Ids">The reply's ids, the end of text included where it is reached.</param>
internal sealed record GoldenReply(string Prompt, int[] PromptIds, int MaxNewTokens, int[] Ids)
{
    public static IReadOnlyList<GoldenReply> All { get; } = Read();

    /// <summary>The reply's ids without the end of text.</summary>
    public int[] TextIds => EndOfText.Ids(OnnxModel.Bundled).Contains(Ids[^1]) ? Ids[..^1] : Ids;

    private static List<GoldenReply> Read()
    {
        using var file = File.OpenRead(TokenizerVariants.DataFile("generation-ids.bundled.jsonl.gz"));
        using var reader = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        return [.. reader.ReadToEnd().TrimEnd('\n').Split('\n')
            .Select(line => JsonSerializer.Deserialize<GoldenReply>(line, JsonSerializerOptions.Web)!)];
    }
}
