using FsCheck;
using FsCheck.Fluent;
using ML.Pipelines.Pruning;
using ML.Pipelines.Text;

namespace ML.Pipelines.Tests.Pruning;

[TestClass]
public class PruningStagePropertyTests
{
    private static readonly Gen<string> Line =
        from category in Gen.Elements("P: ", "V: ", "M: ", "E: ")
        from text in Gen.Elements("so", "it is 42", @"\boxed{42}", "é😀", "\t", "")
        from importance in Gen.Choose(-9, 9)
        select $"{category}{text} <{importance / 10.0:0.0}>";

    private static readonly Gen<PruningRow> Rows =
        from lines in Line.ArrayOf()
        from relatesTo in Gen.Choose(-6, 6).ArrayOf(lines.Length)
        select WithRelations(Lines.RowOf("r", "42", lines), relatesTo);

    private static readonly Gen<PruningOptions> Options =
        from ratio in Gen.Choose(0, 10)
        from method in Gen.Elements(PruningMethod.Pir, PruningMethod.Spirit, PruningMethod.Rule)
        from seed in Gen.Choose(0, 5)
        select new PruningOptions { Ratio = ratio / 10.0, Method = method, Seed = seed, WrongAnswer = RowPolicy.Keep };

    [TestMethod]
    public void Progressive_steps_are_removed_by_spirit_only() => Check((_, options, pruned) =>
        options.Method == PruningMethod.Spirit
        || pruned.Steps.All(step => step is not { Category: StepCategory.Progressive, Decision: not StepDecision.Kept }));

    [TestMethod]
    public void The_text_is_the_kept_spans_and_the_counts_are_of_all_steps() => Check((row, _, pruned) =>
        pruned.Reasoning == string.Concat(
            pruned.Steps.Where(step => step.Decision != StepDecision.Removed).Select(step => step.Span.In(row.Reasoning).ToString()))
        && pruned.Steps.Select(step => step.Span).SequenceEqual(row.Steps.Select(step => step.Span))
        && pruned.TokensBefore - pruned.TokensAfter == pruned.Steps.Where(step => step.Decision == StepDecision.Removed).Sum(step => step.Tokens));

    [TestMethod]
    public void No_group_loses_more_than_its_share() => Check((_, options, pruned) => pruned.Steps
        .GroupBy(step => PruningRule.Group(options.Method, step.Category!.Value)).Where(group => group.Key is not null)
        .All(group => group.Count(step => step.Decision == StepDecision.Removed)
            <= PruningRule.RemovalCount(options.Ratio, group.Count(step => step.Rank is not null))));

    [TestMethod]
    public void The_last_step_and_all_boxes_stay() => Check((row, _, pruned) =>
        pruned.Steps.Length == 0 || (pruned.Steps[^1].Decision != StepDecision.Removed
            && pruned.Reasoning.Split("boxed").Length == row.Reasoning.Split("boxed").Length));

    [TestMethod]
    public void A_step_has_a_note_exactly_where_a_guard_or_a_missing_score_decided() => Check((_, _, pruned) =>
        pruned.Steps.All(step => step.Note is null == step.Decision is StepDecision.Kept or StepDecision.Removed));

    private static PruningRow WithRelations(PruningRow row, int[] relatesTo) => row with
    {
        Steps = [.. row.Steps.Select((step, i) => step.Category == StepCategory.ErrorCorrection && relatesTo[i] >= 0 && relatesTo[i] < i
            ? step with { RelatesTo = relatesTo[i] }
            : step)],
    };

    private static void Check(Func<PruningRow, PruningOptions, PrunedRow, bool> property) =>
        FsCheck.Fluent.Prop.ForAll(Rows.ToArbitrary(), Options.ToArbitrary(), (row, options) =>
            property(row, options, PruningStageTests.PruneAsync(row, options).GetAwaiter().GetResult()))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(25));
}
