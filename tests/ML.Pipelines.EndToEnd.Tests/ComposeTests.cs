namespace ML.Pipelines.EndToEnd.Tests;

[TestClass]
[TestCategory("Slow")]
public sealed class ComposeTests
{
    [TestMethod]
    public void The_sample_composes_our_estimators_with_those_of_ML_NET()
    {
        using var folder = new TestFolder();
        using var log = new StringWriter();
        Assert.AreEqual(0, Compose.WorthwhilePruning.Run(TestFolder.Sample("aime24-short.jsonl"), folder.File("worthwhile.parquet"), log));
        StringAssert.Contains(log.ToString(), "saved, 2 messages");
        Assert.IsTrue(File.Exists(folder.File("worthwhile.parquet")));
    }
}
