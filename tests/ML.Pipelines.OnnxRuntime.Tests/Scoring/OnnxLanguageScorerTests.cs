using ML.Pipelines.Models;
using ML.Pipelines.OnnxRuntime.Graphs;

namespace ML.Pipelines.OnnxRuntime.Tests.Scoring;

[TestClass]
public sealed class OnnxLanguageScorerTests
{
    [TestMethod]
    public void The_bundled_model_is_named_and_has_a_context_of_sixteen_thousand_tokens()
    {
        var info = TestScorers.Bundled.Info;
        Assert.AreEqual("bundled", info.Name);
        Assert.AreEqual(16384, info.ContextLength);
        Assert.AreEqual(64, info.Fingerprint.Length);
        Assert.IsNull(TestScorers.Bundled.LogitSelectionFault);
        Assert.AreEqual(OnnxProvider.Cpu, TestScorers.Bundled.Provider);
    }

    [TestMethod]
    public void A_damaged_graph_is_refused_with_its_name()
    {
        using var folder = new ModelFolder();
        foreach (var bytes in (byte[][])[[], [1, 2, 3], OnnxModel.Bundled.Read("onnx/model.onnx")![..100_000]])
        {
            File.WriteAllBytes(folder.PathOf("onnx/model.onnx"), bytes);
            var fault = TestScorers.LoadFault(folder);
            Assert.AreEqual(ErrorCode.DamagedModel, fault.Code);
            Assert.Contains("model.onnx", fault.Message);
        }
    }

    [TestMethod]
    public void A_folder_without_a_graph_is_refused()
    {
        var fault = Assert.ThrowsExactly<PipelineException>(() => OnnxModel.FromFolder(Path.GetTempPath(), "no-such-model.onnx"));
        Assert.AreEqual(ErrorCode.DamagedModel, fault.Code);
    }

    [TestMethod]
    public void A_graph_with_other_inputs_is_refused_with_what_was_expected_and_found()
    {
        using var folder = new ModelFolder().EditGraph(graph =>
        {
            graph.RemoveInputs(name => name == "input_ids");
            graph.AddInput("tokens", OnnxElementType.Int64, "batch_size", "sequence_length");
            graph.RenameRead("input_ids", "tokens");
        });
        var fault = TestScorers.LoadFault(folder);
        Assert.AreEqual(ErrorCode.ModelInputs, fault.Code);
        Assert.Contains("input_ids is missing", fault.Message);
        Assert.Contains("tokens: Int64", fault.Message);
    }

    [TestMethod]
    public void A_graph_with_an_unknown_input_is_refused()
    {
        using var folder = new ModelFolder().EditGraph(graph => graph.AddInput("use_cache_branch", OnnxElementType.Int64, "1"));
        Assert.AreEqual(ErrorCode.ModelInputs, TestScorers.LoadFault(folder).Code);
    }

    [TestMethod]
    public void A_graph_that_does_not_return_its_cache_is_refused()
    {
        using var folder = new ModelFolder().EditGraph(graph => graph.RemoveOutputs(name => name == "present.3.value"));
        var fault = TestScorers.LoadFault(folder);
        Assert.AreEqual(ErrorCode.ModelInputs, fault.Code);
        Assert.Contains("present.3.value is missing", fault.Message);
    }

    [TestMethod]
    public void A_tokenizer_with_more_tokens_than_the_model_is_refused()
    {
        using var folder = new ModelFolder().EditJson("tokenizer.json", root => root["added_tokens"]!.AsArray().Add(Added(2048, "<new>")));
        var fault = TestScorers.LoadFault(folder);
        Assert.AreEqual(ErrorCode.TokenizerMismatch, fault.Code);
        Assert.Contains("2049", fault.Message);
    }

    [TestMethod]
    public async Task A_token_without_an_embedding_is_a_fault_of_its_request_alone()
    {
        // With nothing in the graph and the configuration that tells the vocabulary, only running the model does.
        using var folder = new ModelFolder().EditGraph(HideVocabulary).EditJson("config.json", root => root.Remove("vocab_size"))
            .EditJson("tokenizer.json", root => root["added_tokens"]!.AsArray().Add(Added(2048, "<new>")));
        using var scorer = folder.Load();
        var request = RandomRequests.Create(1);
        var fault = await TestScorers.FaultOf(async () => await scorer.LeaveOneOutAsync(request with { Prefix = "a <new> one" }));
        Assert.AreEqual(ErrorCode.TokenOutOfRange, fault.Code);
        fault = await TestScorers.FaultOf(async () => await scorer.LeaveOneOutAsync(request with { Continuation = "<new>" }));
        Assert.AreEqual(ErrorCode.TokenOutOfRange, fault.Code);
        Assert.IsNotEmpty((await scorer.LeaveOneOutAsync(request)).Full);
    }

    [TestMethod]
    public async Task Logits_that_are_not_finite_are_a_fault_of_the_request()
    {
        using var folder = new ModelFolder().EditGraph(graph =>
        {
            graph.RenameWritten("logits", "raw");
            graph.InsertNode("Log", ["raw"], "logits");
        });
        using var scorer = folder.Load();
        var fault = await TestScorers.FaultOf(async () => await scorer.LeaveOneOutAsync(RandomRequests.Create(1)));
        Assert.AreEqual(ErrorCode.NotFinite, fault.Code);
    }

    [TestMethod]
    public async Task A_context_that_does_not_fit_is_an_outcome_with_the_tokens_needed()
    {
        using var scorer = OnnxLanguageScorer.CreateBundled(TestScorers.Cpu with { ContextLength = 40 });
        var request = RandomRequests.Create(1);
        var result = await scorer.LeaveOneOutAsync(request);
        string[] text = [request.Prefix, .. request.Segments, request.Suffix, request.Continuation];
        Assert.AreEqual(new ContextOverflow(1 + text.Sum(scorer.CountTokens), 40), result.Overflow);
        Assert.IsEmpty(result.Full);
        Assert.IsEmpty(result.Without);
        Assert.HasCount(request.Segments.Count, result.SegmentTokens);
    }

    [TestMethod]
    public async Task A_context_of_exactly_the_models_length_is_scored()
    {
        var request = RandomRequests.Create(1);
        string[] text = [request.Prefix, .. request.Segments, request.Suffix, request.Continuation];
        using var scorer = OnnxLanguageScorer.CreateBundled(
            TestScorers.Cpu with { ContextLength = 1 + text.Sum(TestScorers.Bundled.CountTokens) });
        Assert.IsNull((await scorer.LeaveOneOutAsync(request)).Overflow);
    }

    [TestMethod]
    public async Task Special_tokens_written_in_the_text_are_ordinary_characters()
    {
        var request = RandomRequests.Create(1) with { Segments = ["<|endoftext|>"], LeaveOut = [] };
        Assert.IsGreaterThan(1, (await TestScorers.Bundled.LeaveOneOutAsync(request)).SegmentTokens[0]);
    }

    [TestMethod]
    public async Task A_wrong_request_is_an_argument_exception()
    {
        var request = RandomRequests.Create(1);
        foreach (var wrong in (LeaveOneOutRequest[])[request with { Continuation = "" }, request with { LeaveOut = [6] },
            request with { LeaveOut = [-1] }, request with { LeaveOut = [2, 1] }, request with { LeaveOut = [1, 1] }])
            await Assert.ThrowsExactlyAsync<ArgumentException>(async () => await TestScorers.Bundled.LeaveOneOutAsync(wrong));
    }

    [TestMethod]
    public async Task Without_a_begin_of_text_token_an_empty_context_is_an_argument_exception()
    {
        using var folder = new ModelFolder().EditJson("tokenizer_config.json", root => root.Remove("bos_token"));
        using var scorer = folder.Load();
        var request = new LeaveOneOutRequest { Prefix = "", Segments = ["One.", " Two."], Suffix = "", Continuation = "4", LeaveOut = [] };
        Assert.IsNull((await scorer.LeaveOneOutAsync(request)).Overflow);
        await Assert.ThrowsExactlyAsync<ArgumentException>(async () =>
            await scorer.LeaveOneOutAsync(request with { Segments = ["One."], LeaveOut = [0] }));
        await Assert.ThrowsExactlyAsync<ArgumentException>(async () => await scorer.LeaveOneOutAsync(request with { Segments = [] }));
    }

    [TestMethod]
    public async Task Concurrent_and_repeated_requests_give_bit_for_bit_the_same_scores()
    {
        var requests = Enumerable.Range(0, 8).Select(seed => RandomRequests.Create(seed)).ToList();
        var alone = requests.Select(request => LeaveOneOutTests.Score(TestScorers.Bundled, request)).ToList();
        var together = await Task.WhenAll(requests.Select(request => TestScorers.Bundled.LeaveOneOutAsync(request).AsTask()));
        for (var i = 0; i < requests.Count; i++)
        {
            CollectionAssert.AreEqual(alone[i].Full.ToArray(), together[i].Full.ToArray());
            CollectionAssert.AreEqual(alone[i].Without.SelectMany(x => x).ToArray(), together[i].Without.SelectMany(x => x).ToArray());
        }
    }

    [TestMethod]
    public async Task A_cancelled_request_ends()
    {
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(async () =>
            await TestScorers.Bundled.LeaveOneOutAsync(RandomRequests.Create(1), source.Token));
    }

    [TestMethod]
    public async Task Statistics_count_what_was_forwarded_and_what_had_to_be()
    {
        using var scorer = OnnxLanguageScorer.CreateBundled(TestScorers.Cpu);
        var request = new LeaveOneOutRequest
        {
            Prefix = "Question",
            Segments = ["one two", " three", " four five"],
            Suffix = "\n",
            Continuation = "42",
            LeaveOut = [0, 2]
        };
        var result = await scorer.LeaveOneOutAsync(request);
        var tail = scorer.CountTokens("\n") + scorer.CountTokens("42") - 1;
        var chain = 1 + scorer.CountTokens("Question") + result.SegmentTokens.Sum() + tail;
        Assert.AreEqual(chain + result.SegmentTokens[1] + result.SegmentTokens[2] + 2 * tail, scorer.Statistics.MinimumTokens);
        Assert.IsLessThanOrEqualTo(1.02 * scorer.Statistics.MinimumTokens, scorer.Statistics.TokensForwarded);
        Assert.AreEqual(3, scorer.Statistics.Passes);
        Assert.AreEqual(1, scorer.Statistics.Requests);
    }

    [TestMethod]
    public void The_fingerprint_changes_with_a_file_and_with_what_may_change_a_score()
    {
        using var folder = new ModelFolder();
        using var scorer = folder.Load();
        using var chunked = folder.Load(TestScorers.Cpu with { ChunkSize = 64 });
        Assert.AreEqual(TestScorers.Bundled.Info.Fingerprint, scorer.Info.Fingerprint);
        Assert.AreNotEqual(scorer.Info.Fingerprint, chunked.Info.Fingerprint);
        folder.EditJson("config.json", root => root["note"] = "changed");
        using var changed = folder.Load();
        Assert.AreNotEqual(scorer.Info.Fingerprint, changed.Info.Fingerprint);
    }

    [TestMethod]
    public void Cuda_that_is_not_there_is_a_fault_when_demanded_and_a_notice_when_not()
    {
        var notices = new List<string>();
        using var scorer = OnnxLanguageScorer.CreateBundled(TestScorers.Cpu with { Provider = OnnxProvider.Auto, Notice = notices.Add });
        if (scorer.Provider == OnnxProvider.Cuda)
            Assert.Inconclusive("CUDA works here.");
        Assert.HasCount(1, notices);
        var fault = Assert.ThrowsExactly<PipelineException>(() =>
            OnnxLanguageScorer.CreateBundled(TestScorers.Cpu with { Provider = OnnxProvider.Cuda }));
        Assert.AreEqual(ErrorCode.Configuration, fault.Code);
    }

    [TestMethod]
    public void Options_out_of_range_are_refused_by_name()
    {
        var fault = Assert.ThrowsExactly<PipelineException>(() =>
            OnnxLanguageScorer.CreateBundled(TestScorers.Cpu with { PaddingShare = 2 }));
        Assert.AreEqual(ErrorCode.Configuration, fault.Code);
        Assert.Contains("PaddingShare", fault.Message);
    }

    [TestMethod]
    public void A_configuration_without_a_context_length_asks_for_the_option()
    {
        using var folder = new ModelFolder();
        File.Delete(folder.PathOf("config.json"));
        Assert.AreEqual(ErrorCode.Configuration, TestScorers.LoadFault(folder).Code);
        using var scorer = folder.Load(TestScorers.Cpu with { ContextLength = 512 });
        Assert.AreEqual(512, scorer.Info.ContextLength);
        File.WriteAllText(folder.PathOf("config.json"), "{");
        Assert.AreEqual(ErrorCode.DamagedModel, TestScorers.LoadFault(folder).Code);
    }

    // The start of the slice, always 0, is known only when the model runs; so the logits' width is too.
    private static void HideVocabulary(OnnxGraph graph)
    {
        graph.RenameRead("input_ids", "same_ids", onlyProducerOf: "embedded");
        graph.InsertNode("Identity", ["input_ids"], "same_ids");
        graph.RenameWritten("logits", "raw");
        graph.AddInt64Weight("row", -1);
        graph.AddInt64Weight("zero", 0);
        graph.AddInt64Weight("end", int.MaxValue);
        graph.AddInt64Weight("last", 2);
        graph.InsertNode("Slice", ["raw", "start", "end", "last"], "logits");
        graph.InsertNode("ReduceMin", ["zeros"], "start");
        graph.InsertNode("Mul", ["id_row", "zero"], "zeros");
        graph.InsertNode("Reshape", ["input_ids", "row"], "id_row");
        graph.ReshapeOutput("logits", OnnxElementType.Float, "batch_size", "sequence_length", "vocabulary");
    }

    private static System.Text.Json.Nodes.JsonObject Added(int id, string content) =>
        new() { ["id"] = id, ["content"] = content, ["special"] = false, ["normalized"] = false };
}
