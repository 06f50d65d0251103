using ML.Pipelines.Compression;
using ML.Pipelines.Models;
using ML.Pipelines.OnnxRuntime.Tests.Scoring;
using ML.Pipelines.Runs;

namespace ML.Pipelines.OnnxRuntime.Tests.Compression;

[TestClass]
public sealed class LanguageWordScorerTests
{
    private const string Prefix = "Question: How many eggs?\n\n<think>\n";
    private const string Bridge = "\n</think>\n\nFinal answer: ";
    private const string Chain = "She sells 16 - 3 = 13 eggs a day.\nSo she makes 13 * 2 = $26 in all.";

    [TestMethod]
    public async Task Importance_is_the_rise_of_the_answers_loss_without_the_word()
    {
        var words = ProtectedWords.Of(Chain, "26");
        var scores = await ScoreAsync(TestScorers.Bundled, Chain, "26", 100);
        var whole = await LossAsync(Chain);
        Assert.AreEqual(whole, scores.AnswerLoss!.Value, 1e-3);
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i].IsProtected) Assert.AreEqual(0, scores.Importance[i]);
            else Assert.AreEqual(await LossAsync(Without(words, i)) - whole, scores.Importance[i], 1e-3, $"word {i}");
        }
    }

    [TestMethod]
    public async Task Self_information_adds_up_to_the_texts_own()
    {
        var scores = await ScoreAsync(TestScorers.Bundled, "So ducks lay eggs", null, 100);
        var tokens = (await TestScorers.Bundled.ScoreTextAsync(Prefix, "So ducks lay eggs")).Tokens;
        Assert.AreEqual(-tokens.Sum(token => token.LogProbability), scores.Information.Sum(), 1e-9);
        Assert.IsNull(scores.AnswerLoss);
    }

    [TestMethod]
    public async Task The_model_passes_of_a_long_chain_are_bounded()
    {
        var chain = string.Join(' ', Enumerable.Repeat("ducks lay many eggs in 5 barns and", 60));
        using var scorer = OnnxLanguageScorer.CreateBundled(TestScorers.Cpu);
        var scores = await ScoreAsync(scorer, chain, "5", 8);
        Assert.HasCount(480, scores.Importance);
        Assert.AreEqual(2, scorer.Statistics.Requests);
        Assert.IsLessThanOrEqualTo((2 + 8) * (scorer.CountTokens(Prefix + chain + Bridge) + 10), scorer.Statistics.MinimumTokens);
    }

    [TestMethod]
    public async Task A_chain_that_does_not_fit_is_a_row_error()
    {
        using var scorer = OnnxLanguageScorer.CreateBundled(TestScorers.Cpu with { ContextLength = 40 });
        Assert.AreEqual(ErrorCode.ContextOverflow, (await ScoreAsync(scorer, Chain, "26", 8)).Error!.Code);
        var answer = await new LanguageWordScorer(scorer, scorer).ScoreAnswerAsync(new("r", Prefix, Chain, Bridge, "26"), default);
        Assert.AreEqual(ErrorCode.ContextOverflow, answer.Error!.Code);
    }

    [TestMethod]
    public async Task An_estimate_counts_the_tokens_that_are_then_read()
    {
        var request = new WordScoringRequest("r", Prefix, Chain, ProtectedWords.Of(Chain, "26"), Bridge, "26", 100);
        var answer = new AnswerScoringRequest("r", Prefix, Chain, Bridge, "26");
        var (real, used) = (new LanguageWordScorer(TestScorers.Bundled, TestScorers.Bundled), new List<ModelUsage>());
        var estimate = new EstimatingWordScorer(TestScorers.Bundled, new() { InformationWeights = [] }, used.Add);
        await estimate.ScoreWordsAsync(request, default);
        await estimate.ScoreAnswerAsync(answer, default);
        Assert.AreEqual((await real.ScoreWordsAsync(request, default)).InputTokens, used[0].InputTokens);
        Assert.AreEqual((await real.ScoreAnswerAsync(answer, default)).InputTokens, used[1].InputTokens);
    }

    private static string Without(IReadOnlyList<ChainWord> words, int word) =>
        Chain[..(word == 0 ? 0 : words[word - 1].Span.End)] + Chain[words[word].Span.End..];

    private static async Task<WordScores> ScoreAsync(OnnxLanguageScorer scorer, string chain, string? answer, int maxSegments) =>
        await new LanguageWordScorer(scorer, scorer).ScoreWordsAsync(
            new("r", Prefix, chain, ProtectedWords.Of(chain, answer), Bridge, answer, maxSegments), default);

    private static async Task<double> LossAsync(string chain)
    {
        var result = await TestScorers.Bundled.LeaveOneOutAsync(
            new LeaveOneOutRequest { Prefix = Prefix, Segments = [chain], Suffix = Bridge, Continuation = "26", LeaveOut = [] });
        return -result.Full.Average();
    }
}
