using ML.Pipelines.Pruning;
using ML.Pipelines.Text;

namespace ML.Pipelines.Tests.Pruning;

[TestClass]
public class PruningRuleTests
{
    private static readonly double?[] Importances = [.5, -.4, .1, -.9];

    [TestMethod]
    [DataRow(0.5, "-0.9 -0.4")]
    [DataRow(0.3, "-0.9")]
    [DataRow(0.2, "")]
    [DataRow(0.0, "")]
    [DataRow(1.0, "-0.9 -0.4 0.1 0.5")]
    public void The_floor_of_the_share_is_removed_lowest_first(double ratio, string removed) =>
        Assert.AreEqual(removed, string.Join(' ', Removed(PruningRule.Mark(OneGroup(4), Importances, ratio)).Select(i => Importances[i]!.Value).Order()));

    [TestMethod]
    public void The_floor_is_taken_in_decimal_arithmetic()
    {
        Assert.AreEqual(29, PruningRule.RemovalCount(0.29, 100));
        Assert.AreEqual(7, PruningRule.RemovalCount(0.07, 100));
        Assert.AreEqual(57, PruningRule.RemovalCount(0.57, 100));
        Assert.AreEqual(3, PruningRule.RemovalCount(0.1 + 0.2, 10));
    }

    [TestMethod]
    public void Of_equal_steps_the_later_goes()
    {
        var marks = PruningRule.Mark(OneGroup(4), [.1, .1, .1, .1], 0.5);
        Assert.AreSequenceEqual([2, 3], Removed(marks));
        Assert.AreSequenceEqual([4, 3, 2, 1], marks.Select(mark => mark.Rank));
    }

    [TestMethod]
    public void The_threshold_is_the_highest_importance_removed()
    {
        Assert.AreEqual(-.4, PruningRule.Mark(OneGroup(4), Importances, 0.5)[0].Threshold);
        Assert.IsNull(PruningRule.Mark(OneGroup(4), Importances, 0.2)[0].Threshold);
    }

    [TestMethod]
    public void Groups_do_not_compete()
    {
        var marks = PruningRule.Mark([1, 2, 1, 2], [-5, 1, -4, 2], 0.5);
        Assert.AreSequenceEqual([0, 1], Removed(marks));
    }

    [TestMethod]
    public void Steps_without_group_or_importance_are_neither_ranked_nor_counted()
    {
        var marks = PruningRule.Mark([null, 1, 1, 1], [-9, null, .1, .2], 0.5);
        Assert.AreSequenceEqual([0, 0, 1, 2], marks.Select(mark => mark.Rank));
        Assert.AreSequenceEqual([2], Removed(marks));
    }

    [TestMethod]
    public void A_corpus_threshold_removes_what_lies_strictly_below_it()
    {
        var marks = PruningRule.Mark(OneGroup(4), Importances, 1, new Dictionary<int, double> { [1] = .1 });
        Assert.AreSequenceEqual([1, 3], Removed(marks));
        Assert.AreEqual(.1, marks[0].Threshold);
    }

    [TestMethod]
    public void A_group_without_corpus_threshold_stays() =>
        Assert.IsEmpty(Removed(PruningRule.Mark(OneGroup(4), Importances, 1, new Dictionary<int, double>())));

    [TestMethod]
    public void At_ratio_1_a_corpus_threshold_removes_everything()
    {
        var threshold = PruningRule.CorpusThreshold([.5, -.4], 1);
        var marks = PruningRule.Mark(OneGroup(2), [.5, -.4], 1, new Dictionary<int, double> { [1] = threshold });
        Assert.AreSequenceEqual([0, 1], Removed(marks));
        Assert.IsNull(marks[0].Threshold, "infinity is no number of a file");
    }

    [TestMethod]
    public void An_empty_corpus_removes_nothing() => Assert.AreEqual(double.NegativeInfinity, PruningRule.CorpusThreshold([], 1));

    [TestMethod]
    public void Progressive_steps_are_candidates_of_spirit_only()
    {
        Assert.IsNull(PruningRule.Group(PruningMethod.Pir, StepCategory.Progressive));
        Assert.IsNull(PruningRule.Group(PruningMethod.Rule, StepCategory.Progressive));
        Assert.AreEqual(0, PruningRule.Group(PruningMethod.Spirit, StepCategory.Progressive));
        Assert.AreEqual(0, PruningRule.Group(PruningMethod.Spirit, StepCategory.ErrorCorrection));
    }

    [TestMethod]
    public void Each_functional_category_is_a_group_of_its_own() =>
        Assert.AreEqual(3, Enum.GetValues<StepCategory>().Select(category => PruningRule.Group(PruningMethod.Pir, category)).OfType<int>().Distinct().Count());

    [TestMethod]
    public void A_correction_goes_only_with_the_step_it_corrects()
    {
        bool[] removed = [true, true, false, true];
        var vetoed = PruningRule.KeepCorrections([null, 0, null, 2], removed);
        Assert.AreSequenceEqual([true, true, false, false], removed);
        Assert.AreSequenceEqual([3], vetoed);
    }

    [TestMethod]
    public void A_correction_that_stays_keeps_the_corrections_of_itself()
    {
        bool[] removed = [true, true, true, false];
        PruningRule.KeepCorrections([1, 2, 3, null], removed);
        Assert.AreSequenceEqual([false, false, false, false], removed);
    }

    internal static int[] Removed(IReadOnlyList<StepMark> marks) => [.. Enumerable.Range(0, marks.Count).Where(i => marks[i].Remove)];

    private static int?[] OneGroup(int count) => [.. Enumerable.Repeat<int?>(1, count)];
}
