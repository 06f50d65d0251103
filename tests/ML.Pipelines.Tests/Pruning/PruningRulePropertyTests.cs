using FsCheck;
using FsCheck.Fluent;
using ML.Pipelines.Pruning;

namespace ML.Pipelines.Tests.Pruning;

[TestClass]
public class PruningRulePropertyTests
{
    private static readonly Gen<(int? Group, double? Key)[]> Steps =
        (from letter in Gen.Choose(0, 4)
         from key in Gen.Choose(-5, 9)
         select (letter == 4 ? (int?)null : letter, key == 9 ? (double?)null : key / 10.0)).ArrayOf();

    private static readonly Gen<double> Ratio = Gen.Choose(0, 100).Select(percent => percent / 100.0);

    [TestMethod]
    public void A_higher_ratio_removes_all_that_a_lower_one_removes() => Check(
        from steps in Steps from low in Ratio from high in Ratio select (steps, Math.Min(low, high), Math.Max(low, high)),
        c => !PruningRuleTests.Removed(Mark(c.steps, c.Item2)).Except(PruningRuleTests.Removed(Mark(c.steps, c.Item3))).Any());

    [TestMethod]
    public void Each_group_loses_exactly_the_floor_of_its_share() => Check(
        from steps in Steps from ratio in Ratio select (steps, ratio),
        c => Groups(c.steps).All(group =>
            group.Count(i => Mark(c.steps, c.ratio)[i].Remove) == PruningRule.RemovalCount(c.ratio, group.Count())));

    [TestMethod]
    public void No_step_that_stays_matters_less_than_one_that_goes() => Check(
        from steps in Steps from ratio in Ratio select (steps, ratio),
        c => Groups(c.steps).All(group =>
            group.Where(i => Mark(c.steps, c.ratio)[i].Remove).All(gone =>
                group.Where(i => !Mark(c.steps, c.ratio)[i].Remove).All(kept => c.steps[kept].Key >= c.steps[gone].Key))));

    [TestMethod]
    public void A_corpus_threshold_never_removes_more_than_the_floor_of_the_share() => Check(
        from keys in Gen.Choose(-3, 3).Select(n => n / 10.0).ListOf() from ratio in Ratio select (keys: keys.ToList(), ratio),
        c =>
        {
            var threshold = PruningRule.CorpusThreshold(c.keys, c.ratio);
            return c.keys.Count(key => key < threshold) <= PruningRule.RemovalCount(c.ratio, c.keys.Count);
        });

    [TestMethod]
    public void After_the_veto_no_correction_goes_without_its_mistake() => Check(
        from steps in (from mistake in Gen.Choose(-1, 7) from gone in Gen.Elements(true, false) select (mistake, gone)).ArrayOf(8) select steps,
        steps =>
        {
            var removed = Array.ConvertAll(steps, step => step.gone);
            var relatesTo = Array.ConvertAll(steps, step => step.mistake < 0 ? (int?)null : step.mistake);
            var vetoed = PruningRule.KeepCorrections(relatesTo, removed);
            return Enumerable.Range(0, 8).All(i =>
                (!removed[i] || relatesTo[i] is not { } mistake || removed[mistake]) && removed[i] == (steps[i].gone && !vetoed.Contains(i)));
        });

    private static IReadOnlyList<StepMark> Mark((int? Group, double? Key)[] steps, double ratio) =>
        PruningRule.Mark(Array.ConvertAll(steps, step => step.Group), Array.ConvertAll(steps, step => step.Key), ratio);

    private static IEnumerable<IGrouping<int, int>> Groups((int? Group, double? Key)[] steps) =>
        Enumerable.Range(0, steps.Length).Where(i => steps[i] is { Group: not null, Key: not null }).GroupBy(i => steps[i].Group!.Value);

    private static void Check<T>(Gen<T> cases, Func<T, bool> property) =>
        FsCheck.Fluent.Prop.ForAll(cases.ToArbitrary(), property).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(20));
}
