using System.Text.Json.Nodes;
using ML.Pipelines.Models;
using ML.Pipelines.Text;

namespace ML.Pipelines.OnnxRuntime.Tests.Scoring;

[TestClass]
public sealed class TextScoringTests
{
    private const string Context = "Question: how many?\n\n";
    private const string Chain = "So 16 - 3 = 13 ducks lay\n\neggs in the naïve 🦆 barn. ";

    [TestMethod]
    public async Task Each_token_has_its_text_and_the_score_of_the_model_from_scratch()
    {
        var scores = await TestScorers.Bundled.ScoreTextAsync(Context, Chain);
        var ids = new List<int> { TestScorers.Bundled.BeginOfText!.Value };
        TestScorers.Bundled.Tokenizer.Encode(Context, ids);
        var text = new List<int>();
        TestScorers.Bundled.Tokenizer.Encode(Chain, text);
        Assert.HasCount(text.Count, scores.Tokens);
        for (var i = 0; i < text.Count; i++)
        {
            Assert.AreEqual(TestScorers.Naive.LogProbability(ids, text[i]), scores.Tokens[i].LogProbability, 1e-4, $"token {i}");
            ids.Add(text[i]);
        }
        Assert.AreEqual(ids.Count - 1, scores.InputTokens);
    }

    [TestMethod]
    public async Task Spans_cover_the_text_in_order_and_share_only_characters_of_several_tokens()
    {
        var scores = await TestScorers.Bundled.ScoreTextAsync(Context, Chain);
        Assert.AreEqual(new TextSpan(0, 2), scores.Tokens[0].Span);
        AssertCover(Chain, scores);
        Assert.IsTrue(scores.Tokens.Any(token => token.Span.In(Chain).SequenceEqual("🦆")));
    }

    [TestMethod]
    [DataRow("a lone \ud83d surrogate")]
    [DataRow("<|endoftext|> is text")]
    [DataRow("\n \t\n")]
    public async Task Any_text_is_covered(string text) => AssertCover(text, await TestScorers.Bundled.ScoreTextAsync(Context, text));

    [TestMethod]
    public async Task A_tokenizer_that_rewrites_text_gives_its_tokens_the_span_of_their_word()
    {
        using var folder = new ModelFolder().EditJson("tokenizer.json", root => root["normalizer"] = new JsonObject { ["type"] = "NFD" });
        using var scorer = folder.Load();
        const string Text = "Une idée\n fixe ";
        var scores = await scorer.ScoreTextAsync("", Text);
        Assert.AreSequenceEqual([new(0, 3), new(3, 8), new TextSpan(8, 15)], scores.Tokens.Select(token => token.Span).Distinct());
        Assert.AreEqual(new TextSpan(0, 2), (await scorer.ScoreTextAsync("", "So 5")).Tokens[0].Span, "a text that is not rewritten");
    }

    [TestMethod]
    public async Task A_text_without_tokens_has_no_scores() =>
        Assert.IsEmpty((await TestScorers.Bundled.ScoreTextAsync(Context, "")).Tokens);

    [TestMethod]
    public async Task A_text_that_does_not_fit_is_an_outcome_with_the_tokens_needed()
    {
        var required = 1 + TestScorers.Bundled.CountTokens(Context) + TestScorers.Bundled.CountTokens(Chain);
        using var scorer = OnnxLanguageScorer.CreateBundled(TestScorers.Cpu with { ContextLength = required - 1 });
        var scores = await scorer.ScoreTextAsync(Context, Chain);
        Assert.AreEqual(new ContextOverflow(required, required - 1), scores.Overflow);
        Assert.IsEmpty(scores.Tokens);
        using var longer = OnnxLanguageScorer.CreateBundled(TestScorers.Cpu with { ContextLength = required });
        Assert.IsNull((await longer.ScoreTextAsync(Context, Chain)).Overflow);
    }

    [TestMethod]
    public async Task A_first_token_that_nothing_predicts_is_an_argument_exception()
    {
        using var folder = new ModelFolder().EditJson("tokenizer_config.json", root => root.Remove("bos_token"));
        using var scorer = folder.Load();
        await Assert.ThrowsExactlyAsync<ArgumentException>(async () => await scorer.ScoreTextAsync("", Chain));
        Assert.IsNotEmpty((await scorer.ScoreTextAsync(Context, Chain)).Tokens);
    }

    private static void AssertCover(string text, TextScores scores)
    {
        var end = 0;
        foreach (var (span, _) in scores.Tokens)
        {
            Assert.IsTrue(span.Start == end || (span.End == end && span.Length <= 2), $"{span} follows {end}");
            end = span.End;
        }
        Assert.AreEqual(text.Length, end);
    }
}
