using System.Globalization;
using System.IO.Compression;
using System.Text.Json;

namespace ML.Pipelines.OnnxRuntime.Tests.Tokenization;

/// <summary>Ids against those of @huggingface/transformers; eng/tokenizer-golden.mjs makes and verifies the golden files.</summary>
[TestClass]
public sealed class GoldenIdsTests
{
    [TestMethod]
    [DataRow("bundled")]
    [DataRow("gpt2")]
    [DataRow("qwen2")]
    [DataRow("llama3")]
    [DataRow("digits")]
    public void Ids_are_those_of_the_reference_implementation_on_two_thousand_lines(string variant)
    {
        var tokenizer = TokenizerVariants.Named(variant);
        var lines = File.ReadAllLines(TokenizerVariants.DataFile("tokenizer-lines.txt"));
        var golden = ReadGolden(variant);
        Assert.HasCount(2000, lines);
        Assert.HasCount(lines.Length, golden);
        for (var i = 0; i < lines.Length; i++)
        {
            var text = JsonSerializer.Deserialize<string>(lines[i])!;
            Assert.AreEqual(golden[i], string.Join(' ', tokenizer.Encode(text).Select(id => id.ToString(CultureInfo.InvariantCulture))),
                $"line {i + 1}: {lines[i]}");
        }
    }

    private static string[] ReadGolden(string variant)
    {
        using var file = File.OpenRead(TokenizerVariants.DataFile($"tokenizer-ids.{variant}.txt.gz"));
        using var reader = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        return reader.ReadToEnd().TrimEnd('\n').Split('\n');
    }
}
