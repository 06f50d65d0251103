using ML.Pipelines.Cli.Evaluation;
using ML.Pipelines.OnnxRuntime;

namespace ML.Pipelines.Cli.Tests.Evaluation;

/// <summary>Nothing here depends on what the bundled model has learnt, only on what is measured of it.</summary>
[TestClass]
public sealed class ModelEvaluationTests
{
    private static readonly OnnxLanguageScorer Scorer =
        OnnxLanguageScorer.CreateBundled(new() { Provider = OnnxProvider.Cpu, IntraOpThreads = 1, Spinning = false });

    [TestMethod]
    public async Task Steps_are_scored_as_the_pruning_stage_gives_them_to_the_scorer()
    {
        string[] steps = ["2 + 3 = 5.", "Wait.", "So 5."];
        var result = await Scorer.LeaveOneOutAsync(new()
        {
            Prefix = "Question: 2 + 3?\n\n<think>\n",
            Segments = ["2 + 3 = 5.\n\n", "Wait.\n\n", "So 5."],
            Suffix = "\n</think>\n\nFinal answer: ",
            Continuation = "5",
            LeaveOut = [0, 1, 2],
        });
        var importance = await ChainScoring.ImportanceAsync(Scorer, "2 + 3?", steps, "5", CancellationToken.None);
        for (var i = 0; i < steps.Length; i++)
            Assert.AreEqual(result.Full[0] - result.Without[i][0], importance[i], 1e-9);
    }

    [TestMethod]
    public async Task The_figures_of_a_form_are_means_over_its_seeds_with_their_range()
    {
        using var folder = new EvaluationFolder();
        folder.Write("traces.jsonl", EvaluationFolder.Trace,
            EvaluationFolder.Trace.Replace("t1", "t2", StringComparison.Ordinal)
                .Replace("\"seed\": 1", "\"seed\": 2", StringComparison.Ordinal)
                .Replace("critical", "swap", StringComparison.Ordinal).Replace("redundant", "critical", StringComparison.Ordinal)
                .Replace("swap", "redundant", StringComparison.Ordinal));
        var figures = await Measure(folder, "scorer");
        Assert.HasCount(6, figures);
        // What is right of one trace is wrong of the other, whose labels are swapped.
        foreach (var figure in figures.Where(figure => figure.Seed is null))
            Assert.AreEqual((.5, 0, 1, 2), (figure.Value, figure.Minimum, figure.Maximum, figure.Count));
    }

    [TestMethod]
    public async Task Problems_are_measured_in_both_orders()
    {
        using var folder = new EvaluationFolder();
        var figures = await Measure(folder, "gsm8k");
        CollectionAssert.AreEqual(new[] { "in order", "in order", "shuffled", "shuffled" },
            figures.Select(figure => figure.Group).ToArray());
        Assert.AreEqual(.5, figures[2].Chance);
        // In order the final value is in the last position; in this shuffle in the first of two.
        Assert.AreEqual(figures[0].Value, figures[1].Value);
        Assert.AreEqual(1, figures[2].Value + figures[3].Value);
    }

    [TestMethod]
    public async Task Bits_are_a_character_and_perplexity_is_a_token()
    {
        using var folder = new EvaluationFolder();
        const string Text = "Ann has 2 pens 😀.";
        var whole = await Scorer.LeaveOneOutAsync(new() { Prefix = "", Segments = [], Suffix = "", Continuation = Text, LeaveOut = [] });
        var figures = await Measure(folder, "text");
        Assert.AreEqual(-whole.Full.Sum() / Math.Log(2) / 17, figures[0].Value, 1e-9);
        Assert.AreEqual(17, figures[0].Count);
        Assert.AreEqual(Math.Exp(-whole.Full.Average()), figures[1].Value, 1e-9);
        Assert.AreEqual(Scorer.CountTokens(Text), figures[1].Count);
    }

    [TestMethod]
    public async Task A_text_that_does_not_fit_the_model_is_scored_in_blocks_of_half_its_context()
    {
        using var folder = new EvaluationFolder();
        using var small = OnnxLanguageScorer.CreateBundled(new() { Provider = OnnxProvider.Cpu, ContextLength = 20 });
        var text = string.Concat(Enumerable.Repeat("Ann has pens. ", 9));
        folder.Write("texts.jsonl", $$"""{"id": "x", "set": "s", "text": "{{text}}"}""");
        var ids = new List<int> { small.BeginOfText!.Value };
        small.Tokenizer.Encode(text, ids);
        double sum = 0;
        for (var first = 1; first < ids.Count; first += 9)
        {
            var (start, end) = (Math.Max(0, first - 10), Math.Min(ids.Count, first + 9));
            sum += small.LogProbabilities(ids[start..end], end - first).Sum();
        }
        var figures = await ModelEvaluation.Prepare(new() { Data = folder.Folder, Only = ["text"] })(Context(scorer: small));
        Assert.IsGreaterThan(20, ids.Count);
        Assert.AreEqual(Math.Exp(-sum / (ids.Count - 1)), figures[1].Value, 1e-9);
    }

    [TestMethod]
    public async Task Long_texts_are_measured_by_position_beside_a_short_context()
    {
        using var folder = new EvaluationFolder();
        var text = string.Join(' ', Enumerable.Range(0, 1400));
        var tokens = Scorer.CountTokens(text);
        folder.Write("texts.jsonl", EvaluationFolder.Text, $$"""{"id": "long", "set": "aime", "text": "{{text}}"}""");
        var figures = await Measure(folder, "long");
        Assert.AreEqual(1, figures[0].Value);
        Assert.AreEqual(tokens, figures.Skip(1).Sum(figure => figure.Count));
        // Up to token 1,024 the short context is the whole one.
        foreach (var figure in figures.Skip(1).Take(3)) Assert.AreEqual(figure.Value, figure.Baseline!.Value, 1e-3 * figure.Value);
        Assert.AreNotEqual(figures[^1].Value, figures[^1].Baseline!.Value, 1e-3);
    }

    [TestMethod]
    public async Task Tasks_and_chains_are_decoded_and_judged()
    {
        using var folder = new EvaluationFolder();
        var figures = await Measure(folder, "tasks");
        Assert.AreEqual(("judge, words", "exact", 1L), (figures.Single().Group, figures.Single().Name, figures.Single().Count));
        var evaluate = ModelEvaluation.Prepare(new() { Chains = folder.PathOf("chains.jsonl") });
        var chains = await evaluate(Context());
        Assert.AreEqual(1, chains.Where(figure => figure.Group == "pairs").Sum(figure => figure.Value));
        Assert.AreEqual(chains[0].Value, chains[2].Value + chains[3].Value);
        Assert.AreEqual(chains[1].Value, chains[2].Value + chains[4].Value);
    }

    [TestMethod]
    public async Task The_baseline_of_exact_replies_is_the_most_frequent_one()
    {
        using var folder = new EvaluationFolder();
        folder.Write("prompts.jsonl", [.. Enumerable.Range(0, 4).Select(i => EvaluationFolder.Prompt
            .Replace("p1", $"p{i}", StringComparison.Ordinal).Replace("simple", i == 0 ? "hard" : "simple", StringComparison.Ordinal))]);
        Assert.AreEqual(.75, (await Measure(folder, "tasks")).Single().Baseline);
    }

    [TestMethod]
    public async Task The_limit_holds_for_each_group()
    {
        using var folder = new EvaluationFolder();
        folder.Write("texts.jsonl", [.. Enumerable.Range(0, 6).Select(i => $$"""{"id": "x{{i}}", "set": "s{{i % 2}}", "text": "abc"}""")]);
        var figures = await Measure(folder, "text", limit: 2);
        CollectionAssert.AreEqual(new long[] { 6, 6 },
            figures.Where(figure => figure.Unit == FigureUnit.Bits).Select(figure => figure.Count).ToArray());
    }

    [TestMethod]
    public async Task A_row_that_does_not_fit_the_model_is_named()
    {
        using var folder = new EvaluationFolder();
        using var small = OnnxLanguageScorer.CreateBundled(new() { Provider = OnnxProvider.Cpu, ContextLength = 5 });
        foreach (var part in ModelEvaluation.Parts.Where(part => part is not ("text" or "long")))
        {
            var evaluate = ModelEvaluation.Prepare(new() { Data = folder.Folder, Only = [part] });
            var fault = await Assert.ThrowsExactlyAsync<PipelineException>(() => evaluate(Context(scorer: small)));
            Assert.AreEqual(ErrorCode.ContextOverflow, fault.Code, part);
            StringAssert.Contains(fault.Message, ".jsonl:1 (id ");
        }
    }

    private static Task<IReadOnlyList<EvaluationFigure>> Measure(EvaluationFolder folder, string part, int limit = 100) =>
        ModelEvaluation.Prepare(new() { Data = folder.Folder, Only = [part] })(Context(limit));

    private static EvaluationContext Context(int limit = 100, OnnxLanguageScorer? scorer = null) =>
        new(scorer ?? Scorer, limit, (_, _, _) => { }, CancellationToken.None);
}
