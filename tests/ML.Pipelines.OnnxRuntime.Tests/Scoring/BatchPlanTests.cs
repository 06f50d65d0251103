using ML.Pipelines.OnnxRuntime.Scoring;

namespace ML.Pipelines.OnnxRuntime.Tests.Scoring;

[TestClass]
public sealed class BatchPlanTests
{
    [TestMethod]
    public void Padding_stays_within_its_share_and_nothing_is_lost()
    {
        var random = new Random(5);
        var options = new OnnxScorerOptions { MaxBatchTokens = 600, MaxBatch = 8 };
        var sequences = Enumerable.Range(0, 200).Select(i => new ScoredSequence(i, 0, 1, 0, random.Next(1, 300))).ToList();
        var batches = BatchPlan.Create(sequences, options);
        CollectionAssert.AreEquivalent(sequences, batches.SelectMany(batch => batch).ToList());
        foreach (var batch in batches)
        {
            double tokens = batch.Length * batch.Max(sequence => sequence.Length);
            Assert.IsLessThanOrEqualTo(0.02 + 1e-12, 1 - batch.Sum(sequence => sequence.Length) / tokens);
            Assert.IsTrue(batch.Length == 1 || tokens <= 600 && batch.Length <= 8);
        }
        Assert.IsLessThan(150, batches.Count);
    }
}
