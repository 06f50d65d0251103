using ML.Pipelines.OnnxRuntime.Generation;
using ML.Pipelines.OnnxRuntime.Tests.Scoring;

namespace ML.Pipelines.OnnxRuntime.Tests.Generation;

/// <summary>Prompts are random words, so that nothing here depends on what the bundled model has learnt.</summary>
[TestClass]
public sealed class TokenGeneratorTests
{
    private static readonly TokenGenerator Bundled = TestScorers.Bundled.Generator;

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public void Decoding_equals_the_best_token_of_a_full_pass_at_every_step(int seed)
    {
        var prompt = Prompt(seed, 40);
        CollectionAssert.AreEqual(Naive(prompt, 24), Tokens(Bundled.Generate(new(prompt, 24))));
    }

    [TestMethod]
    public void A_prompt_of_several_chunks_gives_the_same_tokens()
    {
        using var chunked = OnnxLanguageScorer.CreateBundled(TestScorers.Cpu with { ChunkSize = 7 });
        foreach (var length in (int[])[6, 7, 8, 50])
        {
            var prompt = Prompt(length, length);
            CollectionAssert.AreEqual(Tokens(Bundled.Generate(new(prompt, 20))), Tokens(chunked.Generator.Generate(new(prompt, 20))));
        }
    }

    [TestMethod]
    public void Positions_are_fed_where_the_graph_takes_them()
    {
        using var folder = new ModelFolder().EditGraph(GraphVariants.AddPositions);
        using var scorer = folder.Load(TestScorers.Cpu with { ChunkSize = 20 });
        var requests = Requests(10);
        // One by one: the edited graph counts padding as a position.
        AssertSame(Bundled.GenerateAll(requests), [.. requests.Select(request => scorer.Generator.Generate(request))]);
    }

    [TestMethod]
    public void A_graph_without_a_cache_or_with_another_head_gives_the_same_tokens()
    {
        var requests = Requests(20);
        var expected = Bundled.GenerateAll(requests);
        using var masked = new ModelFolder().EditGraph(graph => GraphVariants.RemoveCache(graph, keepMask: true));
        using var bare = new ModelFolder().EditGraph(graph => GraphVariants.RemoveCache(graph, keepMask: false));
        using var normalized = new ModelFolder().EditGraph(GraphVariants.NormalizeLogits);
        foreach (var folder in (ModelFolder[])[masked, bare, normalized])
        {
            using var scorer = folder.Load();
            AssertSame(expected, scorer.Generator.GenerateAll(requests));
        }
    }

    [TestMethod]
    public void A_graph_of_16_bit_floats_is_decoded_in_batches_as_alone()
    {
        using var folder = new ModelFolder().EditGraph(GraphVariants.HalvePrecision);
        using var scorer = folder.Load();
        var requests = Requests(20);
        AssertSame([.. requests.Select(request => scorer.Generator.Generate(request))], scorer.Generator.GenerateAll(requests));
    }

    [TestMethod]
    public void A_batch_of_prompts_of_any_lengths_gives_what_each_gives_alone()
    {
        var requests = Requests(24);
        AssertSame([.. requests.Select(request => Bundled.Generate(request))], Bundled.GenerateAll(requests));
    }

    [TestMethod]
    public void The_end_of_text_token_stops_a_row_and_is_not_among_its_tokens()
    {
        var prompt = Prompt(5, 30);
        var tokens = Naive(prompt, 8);
        var end = tokens[4];
        var generator = new TokenGenerator(TestScorers.Bundled.Session, 16384, [end], new());
        var result = generator.Generate(new(prompt, 8));
        CollectionAssert.AreEqual(tokens[..Array.IndexOf(tokens, end)], Tokens(result));
        Assert.AreEqual(FinishReason.Stop, result.Finish);
    }

    [TestMethod]
    public void The_most_new_tokens_end_a_row_by_length()
    {
        var result = Endless().Generate(new(Prompt(6, 10), 3));
        Assert.HasCount(3, result.Tokens);
        Assert.AreEqual(FinishReason.Length, result.Finish);
    }

    [TestMethod]
    public void The_end_of_the_context_ends_a_row_by_length()
    {
        var result = Endless(contextLength: 15).Generate(new(Prompt(6, 12), 100));
        Assert.HasCount(3, result.Tokens);
        Assert.AreEqual(FinishReason.Length, result.Finish);
    }

    [TestMethod]
    public void A_condition_of_the_request_stops_its_row_alone_and_sees_every_token()
    {
        var seen = new List<int>();
        var stopped = new GenerationRequest(Prompt(7, 10), 9)
        {
            StopsAfter = tokens =>
            {
                seen.Add(tokens[^1]);
                return tokens.Count == 2;
            },
        };
        var results = Endless().GenerateAll([stopped, new(Prompt(8, 12), 9)]);
        Assert.AreEqual(FinishReason.Stop, results[0].Finish);
        CollectionAssert.AreEqual(seen, Tokens(results[0]));
        Assert.HasCount(9, results[1].Tokens);
    }

    [TestMethod]
    public void A_prompt_that_leaves_no_room_is_refused_with_both_numbers()
    {
        var fault = Assert.ThrowsExactly<PipelineException>(() => Endless(contextLength: 10).Generate(new(Prompt(1, 10), 1)));
        Assert.AreEqual(ErrorCode.ContextOverflow, fault.Code);
        StringAssert.Contains(fault.Message, "10 tokens; the model takes 10");
    }

    [TestMethod]
    public void Cancelling_stops_between_model_calls()
    {
        using var cancellation = new CancellationTokenSource();
        var request = new GenerationRequest(Prompt(1, 10), 100)
        {
            StopsAfter = tokens =>
            {
                if (tokens.Count == 5) cancellation.Cancel();
                return false;
            },
        };
        Assert.ThrowsExactly<OperationCanceledException>(() => Endless().Generate(request, cancellation.Token));
    }

    [TestMethod]
    [DataRow("generation_config.json", "[5, 7]", new[] { 5, 7 })]
    [DataRow("generation_config.json", "5", new[] { 5 })]
    [DataRow("generation_config.json", "null", new[] { 9 })]
    [DataRow("config.json", "5", new[] { 5 })]
    public void The_end_of_text_is_the_generation_configurations_else_the_configurations(string file, string ids, int[] expected)
    {
        using var folder = new ModelFolder().EditJson("config.json", root => root["eos_token_id"] = 9);
        if (file == "config.json")
            folder.EditJson(file, root => root["eos_token_id"] = int.Parse(ids, System.Globalization.CultureInfo.InvariantCulture));
        else
            File.WriteAllText(folder.PathOf(file), $"{{\"eos_token_id\": {ids}}}");
        CollectionAssert.AreEqual(expected, EndOfText.Ids(OnnxModel.FromFolder(folder.Folder)).ToArray());
    }

    [TestMethod]
    public void The_log_probabilities_of_ids_are_those_of_the_scorer()
    {
        var ids = Prompt(3, 60);
        var expected = Enumerable.Range(40, 20).Select(at => TestScorers.Naive.LogProbability(ids[..at], ids[at])).ToArray();
        var actual = TestScorers.Bundled.LogProbabilities(ids, 20);
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 1e-4);
    }

    private static TokenGenerator Endless(int contextLength = 16384) =>
        new(TestScorers.Bundled.Session, contextLength, [], new());

    private static GenerationRequest[] Requests(int count) =>
        [.. Enumerable.Range(1, count).Select(seed => new GenerationRequest(Prompt(seed, 3 + seed * 7 % 40), 1 + seed % 17))];

    private static int[] Prompt(int seed, int length)
    {
        var random = new Random(seed);
        return [0, .. Enumerable.Range(1, length - 1).Select(_ => random.Next(4, 2048))];
    }

    private static int[] Naive(int[] prompt, int tokens)
    {
        var ids = prompt.ToList();
        while (ids.Count < prompt.Length + tokens && (ids.Count == prompt.Length || ids[^1] != 0))
            ids.Add(TestScorers.Naive.BestToken(ids));
        return [.. ids.Skip(prompt.Length).Where(id => id != 0)];
    }

    private static int[] Tokens(GenerationResult result) => [.. result.Tokens];

    private static void AssertSame(IReadOnlyList<GenerationResult> expected, IReadOnlyList<GenerationResult> actual)
    {
        for (var i = 0; i < expected.Count; i++)
        {
            CollectionAssert.AreEqual(Tokens(expected[i]), Tokens(actual[i]), $"row {i}");
            Assert.AreEqual(expected[i].Finish, actual[i].Finish);
        }
    }
}
