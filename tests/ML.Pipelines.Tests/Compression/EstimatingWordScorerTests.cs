using ML.Pipelines.Compression;
using ML.Pipelines.Runs;
using ML.Pipelines.Runs.Journals;
using ML.Pipelines.Stages;
using ML.Pipelines.Tests.Pruning;

namespace ML.Pipelines.Tests.Compression;

[TestClass]
public sealed class EstimatingWordScorerTests
{
    private static readonly CompressionRow Row = new("r", "What is it?", "We see ducks and then we see geese 42", "42", []);

    private readonly List<ModelUsage> _used = [];

    [TestMethod]
    public async Task Words_are_counted_once_for_all_rates_and_answers_behind_each_cut_that_there_may_be()
    {
        using var scorer = new FakeScorer();
        await EstimateAsync(scorer, new(), .2, .5);
        Assert.AreSequenceEqual([1L, 4, 4], _used.Select(call => call.Calls));
        Assert.IsEmpty(scorer.Requests);
    }

    [TestMethod]
    public async Task Tokens_are_one_pass_and_what_follows_each_word_that_is_left_out()
    {
        using var scorer = new FakeScorer();
        await EstimateAsync(scorer, new() { Prefix = "a {question} ", Bridge = " b ", InformationWeights = [] }, .5);
        // 4 + 9 for the text; 4 + 9 + 2 for the whole; the bridge and what follows the word for eight words; 4 + 5 + 2 for the cut. One
        // token begins the text, and nothing follows the last.
        Assert.AreSequenceEqual([13L + 15 + 8 + 36, 11], _used.Select(call => call.InputTokens));
    }

    [TestMethod]
    public async Task Self_information_alone_asks_for_no_answer()
    {
        using var scorer = new FakeScorer();
        await EstimateAsync(scorer, new() { Method = CompressionMethod.SelfInformation }, .2, .5);
        Assert.AreEqual(1, _used.Single().Calls);
    }

    [TestMethod]
    public async Task A_row_that_does_not_fit_is_no_call()
    {
        using var scorer = new FakeScorer { ContextLength = 10 };
        var outcome = await EstimateAsync(scorer, new(), .5);
        Assert.AreEqual(ErrorCode.ContextOverflow, outcome.Error!.Code);
        Assert.IsEmpty(_used);
    }

    [TestMethod]
    public void A_call_that_is_made_again_is_told_once()
    {
        using var journal = new EstimatingJournal(_used.Add);
        var key = new JournalKey("r", "s", "m", "p");
        journal.Add(key, new("1", 7, 0, null));
        journal.Add(key, new("2", 8, 0, null));
        journal.Add(key with { RowId = "other" }, new("3", 9, 1, null));
        Assert.AreSequenceEqual([new ModelUsage(1, 7, 0), new(1, 9, 1)], _used);
        Assert.AreEqual("1", journal.Find(key)!.Reply);
    }

    private async Task<StageOutcome<CompressedChain>> EstimateAsync(FakeScorer model, WordChoiceOptions options, params double[] rates)
    {
        var scorer = new EstimatingWordScorer(model, options, _used.Add);
        var outcome = default(StageOutcome<CompressedChain>);
        foreach (var rate in rates) outcome = await new SelfInformationCompressor(scorer, options, rate).CompressAsync(Row);
        return outcome;
    }
}
