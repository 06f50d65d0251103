using System.IO.Compression;
using System.Text.Json;
using ML.Pipelines.OnnxRuntime.Templates;
using ML.Pipelines.OnnxRuntime.Tests.Tokenization;

namespace ML.Pipelines.OnnxRuntime.Tests.Templates;

/// <summary>Rendered templates against those of @huggingface/jinja; eng/chat-template-golden.mjs makes and verifies the golden
/// file.</summary>
[TestClass]
public sealed class GoldenTemplatesTests
{
    private static readonly JsonElement Golden = ReadGolden();
    private static readonly JsonElement Variables =
        JsonDocument.Parse(File.ReadAllText(TokenizerVariants.DataFile("chat-templates/variables.json"))).RootElement;

    public static IEnumerable<object[]> Renderings => Golden.EnumerateObject()
        .SelectMany(template => template.Value.EnumerateObject().Select(conversation => new object[] { template.Name, conversation.Name }));

    [TestMethod]
    [DynamicData(nameof(Renderings))]
    public void A_template_gives_the_text_of_the_reference_implementation(string file, string conversation)
    {
        var template = ChatTemplate.Parse(File.ReadAllText(TokenizerVariants.DataFile("chat-templates/" + file)), file);
        var variables = (IReadOnlyDictionary<string, object?>)TemplateTestValues.Of(Variables.GetProperty(conversation))!;
        var expected = Golden.GetProperty(file).GetProperty(conversation);
        if (expected.ValueKind == JsonValueKind.Null)
            StringAssert.Contains(Assert.ThrowsExactly<PipelineException>(() => template.Render(variables)).Message, "must take turns");
        else
            Assert.AreEqual(expected.GetString(), template.Render(variables));
    }

    [TestMethod]
    public void Every_template_has_golden_texts() => CollectionAssert.AreEquivalent(
        Directory.GetFiles(TokenizerVariants.DataFile("chat-templates"), "*.jinja").Select(Path.GetFileName).ToArray(),
        Golden.EnumerateObject().Select(template => template.Name).ToArray());

    private static JsonElement ReadGolden()
    {
        using var file = File.OpenRead(TokenizerVariants.DataFile("chat-templates.golden.json.gz"));
        using var json = new GZipStream(file, CompressionMode.Decompress);
        return JsonDocument.Parse(json).RootElement;
    }
}
