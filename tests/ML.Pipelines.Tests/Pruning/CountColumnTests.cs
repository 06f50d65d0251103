using ML.Pipelines.Data;

namespace ML.Pipelines.Tests.Pruning;

[TestClass]
public sealed class CountColumnTests : Data.FileTest
{
    [TestMethod]
    public void Counts_of_an_earlier_pruning_are_not_overwritten_without_a_word()
    {
        var file = Write("pruned.jsonl", """{"id": "a", "question": "q", "reasoning": "r", "answer": "1", "tokens_before": 3}""" + "\n");
        var ml = new Microsoft.ML.MLContext(seed: 1);
        var sets = ml.TrainingSets();
        var data = ml.Data.LoadFromJsonLines(file);
        var steps = sets.SegmentSteps("spans").Fit(data).Transform(data);
        var prune = sets.PruneByPerplexity("reasoning", "spans", new FakeScorer());
        Assert.Contains("tokens_before", Throws(ErrorCode.Configuration, () => prune.Fit(steps).Transform(steps)).Message);
    }
}
