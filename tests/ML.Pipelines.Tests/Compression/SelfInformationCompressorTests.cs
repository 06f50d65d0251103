using ML.Pipelines.Compression;

namespace ML.Pipelines.Tests.Compression;

[TestClass]
public sealed class SelfInformationCompressorTests
{
    private readonly FakeWordScorer _scorer = new();

    [TestMethod]
    public async Task Without_an_answer_the_words_with_the_least_self_information_go()
    {
        var chain = await CompressAsync("a bb cccc ddd eeeee", new() { Rate = .4 });
        Assert.AreEqual("cccc ddd eeeee", chain.Text);
        Assert.IsNull(chain.AnswerLoss);
        Assert.IsNull(chain.KeptAnswerLoss);
        Assert.AreSequenceEqual([new DroppedSpan(0, 4, 2, 3, null)], chain.Dropped);
        Assert.AreEqual(
            (.4, .4, 5, 3, 19, 14), (chain.Rate, chain.AchievedRate, chain.Words, chain.KeptWords, chain.Tokens, chain.KeptTokens));
    }

    [TestMethod]
    public async Task With_an_answer_the_cut_that_makes_it_likeliest_stays()
    {
        var chain = await CompressAsync("ax bb ccccx dddddddd eeeeeeeee", new() { Rate = .6 }, "42");
        Assert.AreEqual("ax ccccx", chain.Text);
        Assert.AreEqual(9.8, chain.AnswerLoss!.Value, 1e-9);
        Assert.AreEqual(9.8, chain.KeptAnswerLoss!.Value, 1e-9);
    }

    [TestMethod]
    public async Task Where_the_answer_does_not_tell_cuts_apart_self_information_decides()
    {
        var chain = await CompressAsync("a bb cccc ddd eeeee", new() { Rate = .4 }, "42");
        Assert.AreEqual("cccc ddd eeeee", chain.Text);
        Assert.HasCount(2, _scorer.Calls, "cuts that are the same are scored once");
    }

    [TestMethod]
    public async Task Self_information_alone_does_not_ask_for_the_answer()
    {
        var chain = await CompressAsync("x bb cccc", new() { Rate = .33, Method = CompressionMethod.SelfInformation }, "42");
        Assert.AreEqual("bb cccc", chain.Text);
        Assert.IsNull(chain.KeptAnswerLoss);
        Assert.IsTrue(_scorer.Calls.All(call => call.StartsWith("words", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task A_chain_without_gold_answer_is_scored_by_the_one_it_states() =>
        Assert.IsNotNull((await CompressAsync("We see ducks. The answer is blue.", new() { Rate = .4 })).KeptAnswerLoss);

    [TestMethod]
    public async Task More_protected_words_than_asked_for_are_kept_and_noted()
    {
        var chain = await CompressAsync("eggs 1 + 2 = 3 ducks", new() { Rate = .5 });
        Assert.AreEqual("1 + 2 = 3", chain.Text);
        Assert.AreEqual(CompressedChain.ProtectedNote, chain.Note);
    }

    [TestMethod]
    public async Task A_rate_that_no_whole_number_of_words_meets_is_noted()
    {
        Assert.AreEqual(CompressedChain.WholeWordsNote, (await CompressAsync("a bb ccc", new() { Rate = .5 })).Note);
        Assert.IsNull((await CompressAsync("a bb ccc", new() { Rate = .33 })).Note);
    }

    [TestMethod]
    public async Task At_rate_0_the_chain_stays_as_it_is_and_no_model_is_asked()
    {
        var chain = await CompressAsync(" a\n\n b ", new() { Rate = 0 }, "42");
        Assert.AreEqual((" a\n\n b ", 0.0, null), (chain.Text, chain.AchievedRate, chain.Note));
        Assert.IsEmpty(_scorer.Calls);
    }

    [TestMethod]
    public async Task A_chain_without_words_stays_as_it_is() => Assert.AreEqual(" \n", (await CompressAsync(" \n", new(), "42")).Text);

    [TestMethod]
    public async Task Random_words_depend_on_seed_and_row_id_alone()
    {
        var chain = string.Join(' ', Enumerable.Range(0, 60).Select(i => "w" + new string((char)('a' + i % 26), 1 + i / 26)));
        var first = await RandomAsync(chain, "r1", 1);
        Assert.AreEqual(first, await RandomAsync(chain, "r1", 1));
        Assert.AreNotEqual(first, await RandomAsync(chain, "r2", 1));
        Assert.AreNotEqual(first, await RandomAsync(chain, "r1", 2));
        Assert.AreEqual(30, first.Split(' ').Length);
        Assert.IsEmpty(_scorer.Calls);
    }

    [TestMethod]
    public async Task Phrases_of_options_and_row_stay()
    {
        var options = new CompressionOptions { Rate = .6, ProtectedPhrases = ["a bb"] };
        var outcome = await new SelfInformationCompressor(_scorer, options).CompressAsync(new("r", "q", "a bb cccc c eeeee", null, ["c"]));
        Assert.AreEqual("a bb cccc c", outcome.Rows.Single().Text);
    }

    [TestMethod]
    public async Task A_chain_that_cannot_be_scored_is_quarantined()
    {
        var outcome = await new SelfInformationCompressor(_scorer, new()).CompressAsync(new("r", "q", "a bb ☠ ccc", null, []));
        Assert.AreEqual(ErrorCode.TokenOutOfRange, outcome.Error!.Code);
    }

    [TestMethod]
    [DataRow(-.1)]
    [DataRow(1.1)]
    [DataRow(double.NaN)]
    public void A_rate_out_of_range_is_refused(double rate) => AssertRefused(new() { Rate = rate }, "rate");

    [TestMethod]
    public void Other_options_out_of_range_are_refused()
    {
        AssertRefused(new() { MaxSegments = 0 }, "maxSegments");
        AssertRefused(new() { InformationWeights = [0] }, "informationWeights");
        AssertRefused(new() { Prefix = "Question:" }, "prefix");
    }

    private static void AssertRefused(CompressionOptions options, string name)
    {
        var fault = Assert.ThrowsExactly<PipelineException>(options.Validate);
        Assert.AreEqual(ErrorCode.Configuration, fault.Code);
        Assert.StartsWith($"Self-information: {name}", fault.Message);
    }

    private async Task<string> RandomAsync(string chain, string id, int seed)
    {
        var options = new CompressionOptions { Rate = .5, Method = CompressionMethod.Random, Seed = seed };
        return (await new SelfInformationCompressor(_scorer, options).CompressAsync(new(id, "q", chain, "42", []))).Rows.Single().Text;
    }

    private async Task<CompressedChain> CompressAsync(string chain, CompressionOptions options, string? answer = null)
    {
        var outcome = await new SelfInformationCompressor(_scorer, options).CompressAsync(new("r", "q", chain, answer, []));
        return outcome.Rows.Single();
    }
}
