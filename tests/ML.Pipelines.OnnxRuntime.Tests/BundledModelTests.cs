using System.Text.Json;

namespace ML.Pipelines.OnnxRuntime.Tests;

/// <summary>The bundled model beside what its trainer measured (models/bundled).</summary>
[TestClass]
public sealed class BundledModelTests
{
    private static readonly JsonElement Sample =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", "sample.json"))).RootElement;

    [TestMethod]
    public void Its_tokenizer_gives_the_ids_of_its_trainer()
    {
        using var scorer = OnnxLanguageScorer.CreateBundled();
        List<int> ids = [Ids()[0]];
        scorer.Tokenizer.Encode(Sample.GetProperty("text").GetString()!, ids);
        CollectionAssert.AreEqual(Ids(), ids);
    }

    [TestMethod]
    public void Its_log_probabilities_are_those_of_its_trainer()
    {
        using var scorer = OnnxLanguageScorer.CreateBundled();
        var expected = Sample.GetProperty("logProbabilities").EnumerateArray().Select(value => value.GetDouble()).ToArray();
        var actual = scorer.LogProbabilities(Ids(), expected.Length);
        for (var i = 0; i < expected.Length; i++) Assert.AreEqual(expected[i], actual[i], 1e-3, $"token {i + 1}");
    }

    [TestMethod]
    public void Its_card_says_what_it_is_not_for() => StringAssert.Contains(OnnxModel.BundledCard, "not a judge of reasoning");

    private static int[] Ids() => [.. Sample.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
}
