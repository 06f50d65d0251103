using ML.Pipelines.Pruning;
using ML.Pipelines.Stages;

namespace ML.Pipelines.Tests.Pruning;

[TestClass]
public class PruningStageTests
{
    private static readonly string[] Chain =
        ["P: let x <9>", "V: check <0.5>", "V: check <-0.4>", "V: check <0.1>", "V: check <-0.9>", @"P: so \boxed{42}"];

    [TestMethod]
    [DataRow(0.5, "2 4")]
    [DataRow(0.3, "4")]
    [DataRow(0.2, "")]
    [DataRow(0.0, "")]
    [DataRow(1.0, "1 2 3 4")]
    public async Task The_steps_of_lowest_importance_are_cut(double ratio, string removed)
    {
        var pruned = await PruneAsync(Lines.Row(Chain), new() { Ratio = ratio });
        Assert.AreEqual(removed, Steps(pruned, StepDecision.Removed));
    }

    [TestMethod]
    public async Task The_kept_text_is_the_input_without_exactly_the_removed_spans()
    {
        var row = Lines.Row("P: é😀 <9>", "V:\t check  <-1>", "P: \u00a0 then\r", "M: or <-2>", "M: or <2>", "P: 42");
        var pruned = await PruneAsync(row, new() { Ratio = 0.5 });
        var text = row.Reasoning;
        foreach (var step in pruned.Steps.Where(step => step.Decision == StepDecision.Removed).Reverse())
            text = text.Remove(step.Start, step.End - step.Start);
        Assert.AreEqual(text, pruned.Reasoning);
        Assert.AreEqual("P: é😀 <9>\nV:\t check  <-1>\nP: \u00a0 then\r\nM: or <2>\nP: 42\n", pruned.Reasoning);
    }

    [TestMethod]
    public async Task A_chain_that_loses_nothing_is_the_same_text()
    {
        var row = Lines.Row("P: a", "V: b", "P: 42");
        Assert.AreSame(row.Reasoning, (await PruneAsync(row, new() { Ratio = 0 })).Reasoning);
    }

    [TestMethod]
    public async Task Each_step_leaves_its_numbers_as_evidence()
    {
        var pruned = await PruneAsync(Lines.Row(Chain), new() { Ratio = 0.5 });
        Assert.AreSequenceEqual(
            [
                "P:4 - - - Kept", "V:3 0.5 4 -0.4 Kept", "V:3 -0.4 2 -0.4 Removed", "V:3 0.1 3 -0.4 Kept", "V:3 -0.9 1 -0.4 Removed",
                "P:3 - - - Kept",
            ],
            pruned.Steps.Select(step => Evidence(step, pruned, Lines.Row(Chain).Reasoning)));
    }

    [TestMethod]
    public async Task Tokens_and_removed_steps_are_counted()
    {
        var pruned = await PruneAsync(Lines.Row(Chain), new() { Ratio = 0.5 });
        Assert.AreEqual((19, 13, 2), (pruned.TokensBefore, pruned.TokensAfter, pruned.StepsRemoved));
    }

    [TestMethod]
    public async Task The_answer_tail_is_not_in_the_scored_context()
    {
        using var scorer = new FakeScorer();
        await PruneAsync(Lines.Row(Chain), new(), scorer);
        var request = scorer.Requests.Single();
        Assert.AreEqual("Question: What is it?\n\n<think>\n", request.Prefix);
        Assert.HasCount(5, request.Segments);
        Assert.AreEqual("\n</think>\n\nFinal answer: ", request.Suffix);
        Assert.AreEqual("42", request.Continuation);
        Assert.AreSequenceEqual([1, 2, 3, 4], request.LeaveOut);
    }

    [TestMethod]
    public async Task Importance_is_the_direct_formula_over_both_contexts()
    {
        using var scorer = new FakeScorer { Noisy = true };
        var row = Lines.RowOf("r", "fourty two", [.. Chain[..5], "P: so fourty two"]);
        var pruned = await PruneAsync(row, new(), scorer);
        var lines = row.Steps.Take(5).Select(step => step.Span.In(row.Reasoning).ToString()).ToArray();
        double Mean(IEnumerable<string> chain) => -scorer.LogProbabilities(
            "Question: What is it?\n\n<think>\n" + string.Concat(chain) + "\n</think>\n\nFinal answer: ", "fourty two").Average();
        foreach (var step in Enumerable.Range(1, 4))
            Assert.AreEqual(Mean(lines.Where((_, i) => i != step)) - Mean(lines), pruned.Steps[step].Importance!.Value, 1e-9);
    }

    [TestMethod]
    public async Task Categories_are_pruned_separately()
    {
        var row = Lines.Row("P: a", "V: b <-9>", "V: c <-8>", "M: d <1>", "M: e <2>", "E: f <3>", "E: g <4>", "P: 42");
        var pruned = await PruneAsync(row, new() { Ratio = 0.5 });
        Assert.AreEqual("1 3 5", Steps(pruned, StepDecision.Removed));
    }

    [TestMethod]
    public async Task Spirit_prunes_progressive_steps_too()
    {
        var row = Lines.Row("P: a <-3>", "V: b <-2>", "M: c <-1>", "P: d <0>", "P: 42");
        Assert.AreEqual("0 1", Steps(await PruneAsync(row, new() { Ratio = 0.5, Method = PruningMethod.Spirit }), StepDecision.Removed));
    }

    [TestMethod]
    public async Task Spirit_guards_the_tail()
    {
        var pruned = await PruneAsync(Lines.Row("P: a", @"P: \boxed{42}", "P: done"), new() { Ratio = 1, Method = PruningMethod.Spirit });
        Assert.AreEqual("0:Removed: 1:Guarded:answer-tail 2:Guarded:last-step", Notes(pruned));
    }

    [TestMethod]
    public async Task Rule_needs_no_scores()
    {
        using var scorer = new FakeScorer();
        var pruned = await PruneAsync(Lines.Row(Chain), new() { Ratio = 0.5, Method = PruningMethod.Rule }, scorer);
        Assert.IsEmpty(scorer.Requests);
        Assert.AreEqual(2, pruned.StepsRemoved);
        Assert.IsTrue(pruned.Steps.All(step => step is { Importance: null, Threshold: null }));
        Assert.AreSequenceEqual([1, 2, 3, 4], pruned.Steps.Select(step => step.Rank).OfType<int>().Order());
    }

    [TestMethod]
    public async Task Rule_chooses_by_seed_and_row_id_alone()
    {
        var rows = Enumerable.Range(0, 20).Select(i => Lines.RowOf($"r{i}", "42", Chain)).ToArray();
        var rule = new PruningOptions { Ratio = 0.5, Method = PruningMethod.Rule };
        var together = await OutcomesAsync(rows, rule);
        var reversed = (await OutcomesAsync([.. rows.Reverse()], rule)).Reverse().ToArray();
        var alone = await Task.WhenAll(rows.Select(async row => await PruneAsync(row, rule)));
        Assert.AreSequenceEqual(together, reversed);
        Assert.AreSequenceEqual(together, alone.Select(row => row.Reasoning));
        Assert.IsGreaterThan(1, together.Distinct().Count(), "rows choose differently");
        Assert.AreNotEqual(string.Concat(together), string.Concat(await OutcomesAsync(rows, rule with { Seed = 2 })));
    }

    [TestMethod]
    public async Task A_correction_stays_with_the_step_it_corrects()
    {
        var row = Lines.Row("P: a", "E: no, b <-5>", "P: 42");
        var steps = row.Steps.Select((step, i) => i == 1 ? step with { RelatesTo = 0 } : step).ToArray();
        var pruned = await PruneAsync(row with { Steps = steps }, new() { Ratio = 1 });
        Assert.AreEqual("0:Kept: 1:Guarded:corrected-step-stays 2:Kept:", Notes(pruned));
    }

    [TestMethod]
    public async Task Guards_veto_after_the_share_is_chosen()
    {
        var pruned = await PruneAsync(Lines.Row("P: a", "V: 42? <-2>", "V: b <-1>", @"V: \boxed{7} <0>", "V: c <1>", "P: so", "P: 42"),
            new() { Ratio = 0.75, WrongAnswer = RowPolicy.Keep });
        Assert.AreEqual("0:Kept: 1:Guarded:first-answer 2:Removed: 3:Guarded:boxed 4:Kept: 5:Kept: 6:Kept:", Notes(pruned));
    }

    [TestMethod]
    public async Task The_last_step_stays_even_where_it_states_no_answer()
    {
        var pruned = await PruneAsync(Lines.Row("P: a", "V: b <-5>"), new() { Ratio = 1 });
        Assert.AreEqual("0:Kept: 1:Guarded:last-step", Notes(pruned));
        Assert.AreEqual(-5, pruned.Steps[1].Importance!.Value, 1e-9);
    }

    [TestMethod]
    public async Task A_kept_row_without_answer_stays_unscored()
    {
        using var scorer = new FakeScorer();
        var pruned = await PruneAsync(Lines.RowOf("r", null, "P: a", "V: b <-5>", "P: done"), new() { Ratio = 1, NoAnswer = RowPolicy.Keep }, scorer);
        Assert.AreEqual("0:Kept: 1:Unscored:no-answer 2:Kept:", Notes(pruned));
        Assert.IsEmpty(scorer.Requests);
        Assert.AreEqual((7, 0), (pruned.TokensBefore, pruned.StepsRemoved));
        Assert.IsNull(pruned.Answer);
    }

    [TestMethod]
    public async Task A_chain_without_steps_stays_empty() => Assert.AreEqual("", (await PruneAsync(Lines.RowOf("r", "42"), new())).Reasoning);

    [TestMethod]
    public async Task Steps_without_category_are_classified_by_markers()
    {
        var row = Lines.Row("Wait, let me check. <-1>", "So on.", "42");
        row = row with { Steps = [.. Lines.Split(row.Reasoning).Select(span => new ReasoningStep(span.Start, span.End))] };
        var pruned = await PruneAsync(row, new() { Ratio = 1 });
        Assert.AreEqual(ML.Pipelines.Text.StepCategory.Verification, pruned.Steps[0].Category);
        Assert.AreEqual("So on.\n42\n", pruned.Reasoning);
    }

    [TestMethod]
    public async Task A_dropped_row_is_not_scored()
    {
        using var scorer = new FakeScorer();
        var outcome = await OutcomeAsync(Lines.RowOf("r", null, "P: a", "V: b", "P: done"), new(), scorer);
        Assert.AreEqual("no-answer", outcome.DropReason);
        Assert.IsEmpty(scorer.Requests);
    }

    [TestMethod]
    public async Task Steps_of_another_text_are_refused()
    {
        var row = Lines.Row(Chain);
        var other = row with { Reasoning = row.Reasoning.Trim() };
        var fault = await Assert.ThrowsExactlyAsync<PipelineException>(async () => await OutcomeAsync(other, new()));
        Assert.AreEqual(ErrorCode.Configuration, fault.Code);
        Assert.Contains("row r1", fault.Message);
    }

    internal static async Task<StageOutcome<PrunedRow>> OutcomeAsync(PruningRow row, PruningOptions options, FakeScorer? scorer = null) =>
        (await Stage(options, scorer ?? new FakeScorer()).ProcessAsync([row], CancellationToken.None)).Single();

    internal static async Task<PrunedRow> PruneAsync(PruningRow row, PruningOptions options, FakeScorer? scorer = null) =>
        (await OutcomeAsync(row, options, scorer)).Rows.Single();

    private static PruningStage Stage(PruningOptions options, FakeScorer scorer) =>
        new(new LanguageStepScorer(scorer, options.Overflow), new ML.Pipelines.Text.MarkerStepClassifier(), options, null);

    private static async Task<string[]> OutcomesAsync(PruningRow[] rows, PruningOptions options) =>
        [.. (await Stage(options, new FakeScorer()).ProcessAsync(rows, CancellationToken.None)).Select(outcome => outcome.Rows.Single().Reasoning)];

    internal static string Notes(PrunedRow row) => string.Join(' ', row.Steps.Select((step, i) => $"{i}:{step.Decision}:{step.Note}"));

    private static string Steps(PrunedRow row, StepDecision decision) =>
        string.Join(' ', Enumerable.Range(0, row.Steps.Length).Where(i => row.Steps[i].Decision == decision));

    private static string Evidence(ReasoningStep step, PrunedRow row, string reasoning) =>
        $"{reasoning[step.Start]}:{step.Tokens} {Text(step.Importance)} {Text(step.Rank)} {Text(step.Threshold)} {step.Decision}";

    private static string Text(double? number) => number is { } value ? FormattableString.Invariant($"{Math.Round(value, 9)}") : "-";
}
