using ML.Pipelines.Formatting;
using ML.Pipelines.Tests.Data;

namespace ML.Pipelines.Tests.Formatting;

[TestClass]
public sealed class ConditionedFormatTests : FileTest
{
    private static readonly ConditionTexts Texts = new()
    {
        LongCondition = "Long",
        ShortCondition = "Short",
        LevelCondition = "Level {level}",
        AnswerPhrase = "\n= {answer}",
    };

    [TestMethod]
    public void The_compression_rate_is_the_papers()
    {
        Assert.AreEqual(.5667, ConditionedFormat.CompressionRate(300, 130), 1e-4);
        Assert.AreEqual(-1, ConditionedFormat.CompressionRate(100, 200));
    }

    [TestMethod]
    public void A_row_becomes_a_long_and_a_short_one_with_the_same_answer()
    {
        var rows = ConditionedFormat.Rows("r", "q?", "5", "a b c d", "a d", null, Texts);
        Assert.AreSequenceEqual(
            [new("Long: q?", "a b c d\n= 5", "long", "r", 0), new ConditionedRow("Short: q?", "a d\n= 5", "short", "r", .5)], rows);
    }

    [TestMethod]
    public void Levels_have_their_rates_and_the_last_no_chain()
    {
        var rows = ConditionedFormat.Rows("r", "q?", "5", "a b", null, ["l1", "l2", null, " ", "l5", "l6"], Texts);
        Assert.AreEqual("long level_1 level_2 level_5 level_6", string.Join(' ', rows.Select(row => row.Condition)));
        Assert.AreSequenceEqual([0, .5, .6, .9, 1], rows.Select(row => row.Rate));
        Assert.AreEqual(("Level 5: q?", "l5\n= 5"), (rows[3].Instruction, rows[3].Output));
        Assert.AreEqual("= 5", rows[4].Output);
    }

    [TestMethod]
    public void Conditioned_inference_asks_as_was_trained()
    {
        var rows = ConditionedFormat.Rows("r", "q?", "5", "a b", "a", ["a"], Texts);
        foreach (var row in rows) Assert.AreEqual(row.Instruction, ConditionedFormat.Instruction("q?", row.Condition, Texts));
        Assert.ThrowsExactly<ArgumentException>(() => ConditionedFormat.Instruction("q?", "level_7"));
    }

    [TestMethod]
    public void Rows_of_a_data_set_are_doubled_and_their_chains_go()
    {
        var data = Load("""{"id":"r","question":"q","answer":"5","reasoning":"a b c d","compressed":"a d"}""");
        var view = ML.TrainingSets(Rejects).FormatConditioned(new() { Texts = Texts }).Fit(data).Transform(data);
        Assert.AreSequenceEqual(
            [
                @"'r', 'q', '5', 'Long: q', '', 'a b c d" + "\n" + "= 5', 'long', 'r', 0",
                @"'r', 'q', '5', 'Short: q', '', 'a d" + "\n" + "= 5', 'short', 'r', 0.5",
            ], RowText.Of(view));
    }

    [TestMethod]
    public void Level_columns_become_levels()
    {
        var data = Load("""{"id":"r","question":"q","answer":"5","reasoning":"a b c d","half":"a d","most":null}""");
        var options = new ConditionedOptions { Texts = Texts, ShortColumn = null, LevelColumns = ["half", "most"] };
        var view = ML.TrainingSets(Rejects).FormatConditioned(options).Fit(data).Transform(data);
        Assert.AreSequenceEqual(["'long'", "'level_1'"], RowText.Of(view, "condition"));
    }

    [TestMethod]
    public void Rows_without_a_long_or_without_a_short_chain_are_dropped()
    {
        var data = Load("""{"question":"q","answer":"5","reasoning":"","compressed":"a d"}""",
            """{"question":"q","answer":"5","reasoning":"a","compressed":null}""");
        Assert.IsEmpty(RowText.Of(ML.TrainingSets(Rejects).FormatConditioned().Fit(data).Transform(data)));
        Assert.AreSequenceEqual(["no-long-chain", "no-short-chain"], Rejects.DroppedRows.Select(row => row.Reason));
    }

    [TestMethod]
    public void Too_many_levels_and_none_at_all_are_refused()
    {
        var seven = new ConditionedOptions { LevelColumns = ["1", "2", "3", "4", "5", "6", "7"] };
        Throws(ErrorCode.Configuration, () => ML.TrainingSets().FormatConditioned(seven));
        Throws(ErrorCode.Configuration, () => ML.TrainingSets().FormatConditioned(new() { ShortColumn = null }));
    }
}
