using FsCheck;
using FsCheck.Fluent;
using ML.Pipelines.Formatting;
using ML.Pipelines.Tests.Data;

namespace ML.Pipelines.Tests.Formatting;

[TestClass]
public sealed class PreferenceTests : FileTest
{
    private static readonly Gen<ChainSample> Sample =
        from length in Gen.Choose(1, 6)
        from correct in Gen.Elements(true, false)
        select new ChainSample(new string(correct ? 'c' : 'w', length), length, correct);

    [TestMethod]
    [DataRow(1, .5, .152778)]
    [DataRow(.75, .75, -.0125)]
    [DataRow(.5, 1, -.1625)]
    public void The_gain_of_the_long_group_is_the_sources(double longAccuracy, double shortAccuracy, double expected) =>
        Assert.AreEqual(expected, BilevelPreferences.Gain(longAccuracy, shortAccuracy, 4000, 1000, 12), 1e-6);

    [TestMethod]
    public void Correct_samples_of_the_preferred_group_stand_against_wrong_ones_of_the_other()
    {
        var pairs = BilevelPreferences.Of([new("L1", 40, true), new("L2", 41, true)], [new("S1", 10, false), new("S2", 11, false)], 1, "r");
        Assert.IsTrue(pairs.All(pair => pair.Chosen[0] == 'L' && (pair.Kind == "instance" || pair.Rejected[0] == 'S')));
        Assert.AreEqual(4, pairs.Count(pair => pair.Kind == "group"));
    }

    [TestMethod]
    public void Inside_the_group_the_shortest_correct_one_stands_against_the_longest_wrong_ones()
    {
        ChainSample[] shorts = [new("c2", 2, true), new("c1", 1, true), new("w5", 5, false), new("w7", 7, false), new("w6", 6, false)];
        var pairs = BilevelPreferences.Of([new("L", 40, false)], shorts, 1, "r").Where(pair => pair.Kind == "instance");
        Assert.AreSequenceEqual([("c1", "w7"), ("c1", "w6")], pairs.Select(pair => (pair.Chosen, pair.Rejected)));
    }

    [TestMethod]
    public void Where_none_is_wrong_the_longest_correct_ones_are_rejected_but_never_the_chosen_one()
    {
        var pairs = BilevelPreferences.Of([new("L", 40, false)], [new("c1", 1, true), new("c2", 2, true)], 1, "r");
        Assert.AreSequenceEqual([("c1", "c2")], pairs.Where(pair => pair.Kind == "instance").Select(pair => (pair.Chosen, pair.Rejected)));
    }

    [TestMethod]
    public void Where_none_is_correct_there_is_no_pair() =>
        Assert.IsEmpty(BilevelPreferences.Of([new("L", 4, false)], [new("S", 1, false)], 1, "r"));

    [TestMethod]
    public void Pairs_are_few_differ_and_depend_on_seed_and_id_alone() =>
        Prop.ForAll(Sample.ArrayOf().ToArbitrary(), Sample.ArrayOf().ToArbitrary(), (longs, shorts) =>
        {
            var pairs = BilevelPreferences.Of(longs, shorts, 3, "row");
            return pairs.All(pair => pair.Chosen != pair.Rejected) && pairs.Distinct().Count() == pairs.Count
                && pairs.Count(pair => pair.Kind == "group") <= 4 && pairs.Count(pair => pair.Kind == "instance") <= 2
                && pairs.SequenceEqual(BilevelPreferences.Of(longs, shorts, 3, "row"));
        }).QuickCheckThrowOnFailure();

    [TestMethod]
    public void Another_seed_or_id_shuffles_otherwise()
    {
        ChainSample[] longs = [.. Enumerable.Range(0, 9).Select(i => new ChainSample($"L{i}", 40, true))];
        ChainSample[] shorts = [.. Enumerable.Range(0, 9).Select(i => new ChainSample($"S{i}", 10, false))];
        var pairs = BilevelPreferences.Of(longs, shorts, 1, "r").Take(4).ToArray();
        Assert.AreNotSequenceEqual(pairs, BilevelPreferences.Of(longs, shorts, 2, "r").Take(4).ToArray());
        Assert.AreNotSequenceEqual(pairs, BilevelPreferences.Of(longs, shorts, 1, "s").Take(4).ToArray());
    }

    [TestMethod]
    public void Of_wrong_continuations_the_longer_has_the_higher_reward()
    {
        Assert.AreEqual(.01, StepwisePreferences.Reward(true, 100));
        Assert.IsGreaterThan(StepwisePreferences.Reward(false, 50), StepwisePreferences.Reward(false, 100));
        Assert.AreEqual(-.04, StepwisePreferences.Reward(false, 50, beta: 2));
    }

    [TestMethod]
    [DataRow("longer", true, "short", true, true)]
    [DataRow("same!", true, "short", true, true)]
    [DataRow("longer", true, "short", false, false)]
    [DataRow("longer", false, "short", false, false)]
    public void The_next_step_comes_from_the_higher_reward_and_of_equals_from_the_short_mode(
        string longText, bool longCorrect, string shortText, bool shortCorrect, bool takesShort) => Assert.AreEqual(
            takesShort, StepwisePreferences.TakesShort(new(longText, 0, longCorrect), new(shortText, 0, shortCorrect)));

    [TestMethod]
    public void The_shortest_correct_response_stands_against_one_of_each_pool()
    {
        var pairs = StepwisePreferences.Of([new("ccc", 0, true), new("c", 0, true), new("w", 0, false)], 1, "r");
        Assert.AreSequenceEqual([new("c", "ccc", "length"), new PreferencePair("c", "w", "accuracy")], pairs);
    }

    [TestMethod]
    public void The_chosen_response_is_the_shortest_correct_one_and_no_pair_has_one_text_twice() =>
        Prop.ForAll(Sample.ArrayOf().ToArbitrary(), samples =>
        {
            var best = samples.Where(sample => sample.IsCorrect).MinBy(sample => sample.Tokens)?.Text;
            var pairs = StepwisePreferences.Of(samples, 1, "r");
            return pairs.Count <= 2 && pairs.All(pair => pair.Chosen == best && pair.Rejected != best)
                && pairs.Any(pair => pair.Kind == "accuracy") == (best is not null && samples.Any(sample => !sample.IsCorrect));
        }).QuickCheckThrowOnFailure();

    [TestMethod]
    public void Rows_of_bilevel_pairs_have_instruction_kind_and_weight()
    {
        var data = Load("""{"question":"q","answer":"5","long_chains":["the answer is 6"],"short_chains":["the answer is 5"]}""");
        var view = ML.TrainingSets(Rejects).FormatBilevelPreferences().Fit(data).Transform(data);
        Assert.AreSequenceEqual(["'q', '5', 'q', 'the answer is 5', 'the answer is 6', 'group', 1"], RowText.Of(view));
    }

    [TestMethod]
    public void Questions_whose_answers_cannot_be_judged_or_that_give_no_pair_are_dropped()
    {
        var data = Load(
            """{"question":"q","answer":"","long_chains":["a"],"short_chains":["b"]}""",
            """{"question":"q","answer":"(B)","long_chains":["a"],"short_chains":["b"]}""",
            """{"question":"q","answer":"5","long_chains":["a"],"short_chains":["b"]}""",
            """{"question":"q","answer":"5","long_chains":["The answer is 5"],"short_chains":["The answer is 5"]}""");
        Assert.IsEmpty(RowText.Of(ML.TrainingSets(Rejects).FormatBilevelPreferences().Fit(data).Transform(data)));
        Assert.AreSequenceEqual(
            ["no-answer", "choice-answer", "no-correct-chain", "no-pair"], Rejects.DroppedRows.Select(row => row.Reason));
    }

    [TestMethod]
    public void Rows_of_explored_responses_become_pairs()
    {
        var data = Load("""{"id":"r","question":"q","answer":"5","chains":["The answer is 5","So the answer is 5","The answer is 6"]}""");
        var view = ML.TrainingSets(Rejects).FormatStepwisePreferences().Fit(data).Transform(data);
        Assert.AreSequenceEqual(
            ["'The answer is 5', 'So the answer is 5', 'length'", "'The answer is 5', 'The answer is 6', 'accuracy'"],
            RowText.Of(view, "chosen", "rejected", "kind"));
    }
}
