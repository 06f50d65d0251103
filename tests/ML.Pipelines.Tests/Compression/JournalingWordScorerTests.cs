using ML.Pipelines.Compression;
using ML.Pipelines.Models;
using ML.Pipelines.Runs.Journals;
using ML.Pipelines.Runs.Stores;
using ML.Pipelines.Tests.Data;

namespace ML.Pipelines.Tests.Compression;

[TestClass]
public sealed class JournalingWordScorerTests : FileTest
{
    private static readonly ScorerInfo Model = new("m", "f", 100);
    private static readonly CompressionRow Row = new("r", "q", "ax bb ccccx dddddddd eeeeeeeee", "42", []);
    private readonly FakeWordScorer _scorer = new();

    [TestMethod]
    public async Task What_a_journal_holds_is_not_asked_again()
    {
        var first = await CompressAsync(Row, .6);
        var calls = _scorer.Calls.Count;
        var again = await CompressAsync(Row, .6);
        Assert.HasCount(calls, _scorer.Calls);
        Assert.AreEqual((first!.Text, first.AnswerLoss, first.KeptAnswerLoss), (again!.Text, again.AnswerLoss, again.KeptAnswerLoss));
        Assert.AreSequenceEqual(first.Dropped, again.Dropped);
    }

    [TestMethod]
    public async Task Words_are_scored_once_for_all_rates()
    {
        await CompressAsync(Row, .6);
        await CompressAsync(Row, .2);
        Assert.AreEqual(1, _scorer.Calls.Count(call => call.StartsWith("words", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task Other_rows_models_and_texts_are_other_calls()
    {
        await CompressAsync(Row, .6);
        var calls = _scorer.Calls.Count;
        await CompressAsync(Row with { Id = "other" }, .6);
        Assert.HasCount(2 * calls, _scorer.Calls);
        await CompressAsync(Row with { Question = "other" }, .6);
        Assert.HasCount(3 * calls, _scorer.Calls);
        await CompressAsync(Row, .6, Model with { Fingerprint = "other" });
        Assert.HasCount(4 * calls, _scorer.Calls);
    }

    [TestMethod]
    public async Task Errors_are_not_kept()
    {
        Assert.IsNull(await CompressAsync(Row with { Chain = "a bb ☠ ccc" }, .5));
        using var journal = new LogJournal(new LocalRunStore(Folder), "journal");
        Assert.AreEqual(0, journal.Count);
    }

    private async Task<CompressedChain?> CompressAsync(CompressionRow row, double rate, ScorerInfo? model = null)
    {
        using var journal = new LogJournal(new LocalRunStore(Folder), "journal");
        var scorer = new JournalingWordScorer(_scorer, journal, model ?? Model);
        var outcome = await new SelfInformationCompressor(scorer, new() { Rate = rate }).CompressAsync(row);
        return outcome.Rows.SingleOrDefault();
    }
}
