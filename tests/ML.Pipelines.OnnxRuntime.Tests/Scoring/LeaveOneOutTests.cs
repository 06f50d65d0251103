using FsCheck;
using FsCheck.Fluent;
using ML.Pipelines.Models;

namespace ML.Pipelines.OnnxRuntime.Tests.Scoring;

[TestClass]
public sealed class LeaveOneOutTests
{
    private const double Tolerance = 1e-4;

    [TestMethod]
    public void Scores_are_those_of_rescoring_every_variant_from_scratch() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var request = RandomRequests.Create(seed);
            AssertSame(TestScorers.Naive.Score(request), Score(TestScorers.Bundled, request), $"seed {seed}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(12));

    [TestMethod]
    [DataRow(3, 1, 64)]
    [DataRow(7, 1, 0)]
    [DataRow(7, 4, 4096)]
    [DataRow(64, 16, 4096)]
    [DataRow(4096, 16, 4096)]
    public void Chunks_and_batches_change_no_score(int chunkSize, int maxBatch, int maxBatchTokens)
    {
        var options = TestScorers.Cpu with
        {
            ChunkSize = chunkSize,
            MaxBatch = maxBatch,
            MaxBatchTokens = maxBatchTokens,
            PaddingShare = 1
        };
        using var scorer = OnnxLanguageScorer.CreateBundled(options);
        for (var seed = 0; seed < 2; seed++)
        {
            var request = RandomRequests.Create(seed);
            AssertSame(TestScorers.Naive.Score(request), Score(scorer, request), $"seed {seed}");
        }
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_graph_without_a_cache_gives_the_same_scores(bool hasMask)
    {
        using var folder = new ModelFolder().EditGraph(graph => GraphVariants.RemoveCache(graph, hasMask));
        using var scorer = folder.Load(TestScorers.Cpu with { PaddingShare = 1, MaxBatchTokens = 4096 });
        AssertSameOnSeeds(scorer);
        Assert.IsNull(scorer.LogitSelectionFault);
    }

    [TestMethod]
    public void Positions_are_fed_where_the_graph_takes_them()
    {
        using var folder = new ModelFolder().EditGraph(GraphVariants.AddPositions);
        using var scorer = folder.Load(TestScorers.Cpu with { MaxBatch = 1, ChunkSize = 20 });
        AssertSameOnSeeds(scorer);
    }

    [TestMethod]
    public void A_head_that_is_not_recognised_gives_the_same_scores_and_says_so()
    {
        using var folder = new ModelFolder().EditGraph(GraphVariants.NormalizeLogits);
        using var scorer = folder.Load(TestScorers.Cpu with { PaddingShare = 1, MaxBatchTokens = 4096, ChunkSize = 20 });
        AssertSameOnSeeds(scorer);
        Assert.IsNotNull(scorer.LogitSelectionFault);
    }

    [TestMethod]
    public void A_cache_of_sixteen_bit_floats_gives_nearly_the_same_scores()
    {
        using var folder = new ModelFolder().EditGraph(GraphVariants.HalvePrecision);
        using var scorer = folder.Load(TestScorers.Cpu with { ChunkSize = 20 });
        AssertSameOnSeeds(scorer, tolerance: 0.05);
    }

    [TestMethod]
    public void Leaving_a_step_out_changes_the_score()
    {
        var request = RandomRequests.Create(3) with
        {
            Segments = ["The answer is 42.\n\n", "Wait, let me check that.\n\n"],
            Continuation = "42",
            LeaveOut = [0, 1]
        };
        var result = Score(TestScorers.Bundled, request);
        Assert.IsGreaterThan(result.Without[0].Sum() + 0.5, result.Full.Sum());
    }

    [TestMethod]
    public void A_segment_without_tokens_leaves_the_score_as_it_is()
    {
        var request = RandomRequests.Create(3) with { Segments = ["One.", "", "Two."], LeaveOut = [1] };
        var result = Score(TestScorers.Bundled, request);
        CollectionAssert.AreEqual(result.Full.ToArray(), result.Without[0].ToArray());
        Assert.AreEqual(0, result.SegmentTokens[1]);
    }

    [TestMethod]
    public void A_chain_that_begins_and_ends_with_the_left_out_segment_is_scored()
    {
        var request = new LeaveOneOutRequest { Prefix = "", Segments = ["Only this."], Suffix = "", Continuation = "4", LeaveOut = [0] };
        AssertSame(TestScorers.Naive.Score(request), Score(TestScorers.Bundled, request), "one segment");
    }

    internal static LeaveOneOutResult Score(OnnxLanguageScorer scorer, LeaveOneOutRequest request) =>
        scorer.LeaveOneOutAsync(request).AsTask().GetAwaiter().GetResult();

    private static void AssertSameOnSeeds(OnnxLanguageScorer scorer, double tolerance = Tolerance)
    {
        for (var seed = 10; seed < 14; seed++)
        {
            var request = RandomRequests.Create(seed);
            AssertSame(TestScorers.Naive.Score(request), Score(scorer, request), $"seed {seed}", tolerance);
        }
    }

    private static void AssertSame((double[] Full, double[][] Without) expected, LeaveOneOutResult actual, string what,
        double tolerance = Tolerance)
    {
        AssertClose(expected.Full, actual.Full, what, tolerance);
        Assert.HasCount(expected.Without.Length, actual.Without);
        for (var i = 0; i < expected.Without.Length; i++)
            AssertClose(expected.Without[i], actual.Without[i], $"{what}, variant {i}", tolerance);
    }

    private static void AssertClose(double[] expected, IReadOnlyList<double> actual, string what, double tolerance)
    {
        Assert.HasCount(expected.Length, actual, what);
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], tolerance, $"{what}, token {i}");
    }
}
