using ML.Pipelines.Models;

namespace ML.Pipelines.OnnxRuntime.Tests.Scoring;

[TestClass]
public sealed class LeaveOneOutTests
{
    private const double Tolerance = 1e-4;
    private static readonly OnnxScorerOptions Cpu = new() { Provider = OnnxProvider.Cpu, IntraOpThreads = 1, Spinning = false };
    private static readonly OnnxLanguageScorer Scorer = OnnxLanguageScorer.CreateBundled(Cpu);
    private static readonly NaiveScorer Naive = new(Scorer.Tokenizer);

    [ClassCleanup]
    public static void Cleanup()
    {
        Naive.Dispose();
        Scorer.Dispose();
    }

    [TestMethod]
    public async Task Scores_are_those_of_rescoring_every_variant_from_scratch()
    {
        for (var seed = 0; seed < 25; seed++)
        {
            var request = RandomRequests.Create(seed);
            AssertSame(Naive.Score(request), await Scorer.LeaveOneOutAsync(request), $"seed {seed}");
        }
    }

    internal static void AssertSame((double[] Full, double[][] Without) expected, LeaveOneOutResult actual, string what)
    {
        AssertClose(expected.Full, actual.Full, what);
        Assert.HasCount(expected.Without.Length, actual.Without);
        for (var i = 0; i < expected.Without.Length; i++)
            AssertClose(expected.Without[i], actual.Without[i], $"{what}, variant {i}");
    }

    private static void AssertClose(double[] expected, IReadOnlyList<double> actual, string what)
    {
        Assert.HasCount(expected.Length, actual, what);
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], Tolerance, $"{what}, token {i}");
    }
}
