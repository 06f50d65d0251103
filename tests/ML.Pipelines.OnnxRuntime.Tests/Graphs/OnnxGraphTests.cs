using ML.Pipelines.OnnxRuntime.Graphs;
using ML.Pipelines.OnnxRuntime.Tests.Scoring;

namespace ML.Pipelines.OnnxRuntime.Tests.Graphs;

[TestClass]
public sealed class OnnxGraphTests
{
    private static readonly byte[] Bundled = OnnxModel.Bundled.Read("onnx/model.onnx")!;

    [TestMethod]
    public void A_file_that_is_not_edited_keeps_its_bytes() => CollectionAssert.AreEqual(Bundled, OnnxGraph.Parse(Bundled).ToArray());

    [TestMethod]
    public void A_message_may_start_anywhere_in_its_array()
    {
        var moved = new byte[Bundled.Length + 10];
        Bundled.CopyTo(moved, 7);
        CollectionAssert.AreEqual(Bundled, OnnxGraph.Parse(moved.AsMemory(7, Bundled.Length)).ToArray());
    }

    [TestMethod]
    public void The_head_reads_only_chosen_positions_after_the_edit()
    {
        var graph = OnnxGraph.Parse(Bundled);
        Assert.IsNull(LogitSelection.Apply(graph, graph.OutputType("logits")));
        graph = OnnxGraph.Parse(graph.ToArray());
        Assert.Contains(LogitSelection.PositionsInput, graph.Inputs.ToList());
        Assert.AreEqual("Gather", graph.ProducerOf(graph.ProducerOf("logits")!.Inputs[0])!.Operator);
    }

    [TestMethod]
    public void A_head_with_scaling_and_a_cast_behind_it_is_recognised_and_gives_the_same_scores()
    {
        using var folder = new ModelFolder().EditGraph(graph =>
        {
            graph.RenameWritten("logits", "raw");
            graph.InsertNode("Cast", ["raw"], "logits", ("to", (long)OnnxElementType.Float));
        });
        using var scorer = folder.Load();
        Assert.IsNull(scorer.LogitSelectionFault);
        var request = RandomRequests.Create(2);
        CollectionAssert.AreEqual(LeaveOneOutTests.Score(TestScorers.Bundled, request)
            .Full.ToArray(), LeaveOneOutTests.Score(scorer, request).Full.ToArray());
    }

    [TestMethod]
    public void A_head_of_a_gemm_between_reshapes_is_recognised_and_gives_the_same_scores()
    {
        using var folder = new ModelFolder().EditGraph(UseGemm);
        using var scorer = folder.Load();
        Assert.IsNull(scorer.LogitSelectionFault);
        var request = RandomRequests.Create(2);
        var (expected, actual) = (LeaveOneOutTests.Score(TestScorers.Bundled, request), LeaveOneOutTests.Score(scorer, request));
        Assert.AreEqual(expected.Full.Sum(), actual.Full.Sum(), 1e-4);
        Assert.AreEqual(expected.Without[0].Sum(), actual.Without[0].Sum(), 1e-4);
    }

    [TestMethod]
    public void Weights_in_a_file_of_their_own_are_found_and_fingerprinted()
    {
        using var folder = new ModelFolder();
        var (model, weight) = ExternalWeight.Move(Bundled, "embedding", "weights.bin");
        File.WriteAllBytes(folder.PathOf("onnx/model.onnx"), model);
        File.WriteAllBytes(folder.PathOf("onnx/weights.bin"), weight);
        using var scorer = folder.Load();
        Assert.IsNull(scorer.LogitSelectionFault);
        var request = RandomRequests.Create(2);
        CollectionAssert.AreEqual(LeaveOneOutTests.Score(TestScorers.Bundled, request)
            .Full.ToArray(), LeaveOneOutTests.Score(scorer, request).Full.ToArray());
        weight[^1] ^= 1;
        File.WriteAllBytes(folder.PathOf("onnx/weights.bin"), weight);
        using var changed = folder.Load();
        Assert.AreNotEqual(scorer.Info.Fingerprint, changed.Info.Fingerprint);
    }

    [TestMethod]
    public void Bytes_that_are_not_a_graph_are_refused()
    {
        foreach (var bytes in (byte[][])[[], [0xFF], [0x3A, 0x7F], [0x0B]])
            Assert.ThrowsExactly<InvalidDataException>(() => OnnxGraph.Parse(bytes));
    }

    private static void UseGemm(OnnxGraph graph)
    {
        var head = graph.ProducerOf("logits")!;
        graph.RenameWritten("logits", "unused");
        graph.AddInt64Weight("rows", -1, 128);
        graph.InsertNode("Shape", [head.Inputs[0]], "hidden_shape", ("start", 0), ("end", 2));
        graph.AddInt64Weight("columns", 2048);
        graph.InsertNode("Concat", ["hidden_shape", "columns"], "logits_shape", ("axis", 0));
        graph.InsertNode("Reshape", [head.Inputs[0], "rows"], "flat_hidden");
        graph.InsertNode("Gemm", ["flat_hidden", "embedding"], "flat_logits", ("transB", 1));
        graph.InsertNode("Reshape", ["flat_logits", "logits_shape"], "logits");
    }
}
