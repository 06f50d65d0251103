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
        var data = Load("""{"id":"r","question":"q","answer":"5","reasoning":"a b c d","short":"a d"}""");
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
        var options = new ConditionedOptions { Texts = Texts, LevelColumns = ["half", "most"] };
        var view = ML.TrainingSets(Rejects).FormatConditioned(options).Fit(data).Transform(data);
        Assert.AreSequenceEqual(["'long'", "'level_1'"], RowText.Of(view, "condition"));
    }

    [TestMethod]
    public void Rows_without_a_long_or_without_a_short_chain_are_dropped()
    {
        var data = Load("""{"question":"q","answer":"5","reasoning":"","short":"a d"}""",
            """{"question":"q","answer":"5","reasoning":"a","short":null}""");
        Assert.IsEmpty(RowText.Of(ML.TrainingSets(Rejects).FormatConditioned().Fit(data).Transform(data)));
        Assert.AreSequenceEqual(["no-long-chain", "no-short-chain"], Rejects.DroppedRows.Select(row => row.Reason));
    }

    [TestMethod]
    public void Without_any_name_the_columns_of_rates_are_their_levels()
    {
        var data = Load(
            """{"id":"r","question":"q","answer":"5","reasoning":"a b c d","short_80":"d","short_50":"a d","short_chains":"x"}""");
        var view = ML.TrainingSets(Rejects).FormatConditioned(new() { Texts = Texts }).Fit(data).Transform(data);
        Assert.AreSequenceEqual(
            ["'x', 'long', 0", "'x', 'level_1', 0.5", "'x', 'level_4', 0.8"], RowText.Of(view, "short_chains", "condition", "rate"));
        Assert.IsNull(view.Schema.GetColumnOrNull("short_50"));
    }

    [TestMethod]
    public void The_short_column_goes_before_columns_of_rates()
    {
        var data = Load("""{"question":"q","answer":"5","reasoning":"a b c d","short":"d","short_50":"a d"}""");
        var view = ML.TrainingSets(Rejects).FormatConditioned().Fit(data).Transform(data);
        Assert.AreSequenceEqual(["'long'", "'short'"], RowText.Of(view, "condition"));
    }

    [TestMethod]
    public void A_row_without_a_chain_at_some_rate_has_the_other_levels()
    {
        var data = Load("""{"question":"q","answer":"5","reasoning":"a b c d","short_50":null,"short_60":"d"}""",
            """{"question":"q","answer":"5","reasoning":"a b c d","short_50":"a b","short_60":null}""");
        var view = ML.TrainingSets(Rejects).FormatConditioned().Fit(data).Transform(data);
        Assert.AreSequenceEqual(["'long'", "'level_2'", "'long'", "'level_1'"], RowText.Of(view, "condition"));
    }

    [TestMethod]
    public void The_answer_alone_needs_no_column()
    {
        var data = Load("""{"question":"q","answer":"5","reasoning":"a b c d","short_90":"d"}""");
        var view = ML.TrainingSets(Rejects).FormatConditioned(new() { Texts = Texts, AnswerOnly = true }).Fit(data).Transform(data);
        Assert.AreSequenceEqual(
            ["'level_5', 'd\n= 5'", "'level_6', '= 5'"], RowText.Of(view, "condition", "output").Skip(1));
    }

    [TestMethod]
    public void Without_any_compressed_chain_the_error_says_which_columns_are_looked_for()
    {
        var data = Load("""{"question":"q","answer":"5","reasoning":"a b"}""");
        var fault = Throws(ErrorCode.MissingColumn, () => ML.TrainingSets().FormatConditioned().Fit(data).Transform(data));
        Assert.StartsWith("There is no column of compressed chains, neither short nor short_50, short_60 and so on.", fault.Message);
    }

    [TestMethod]
    public void A_rate_of_no_level_is_refused()
    {
        var data = Load("""{"question":"q","answer":"5","reasoning":"a b","short_50":"a","short_55":"b"}""");
        var fault = Throws(ErrorCode.Configuration, () => ML.TrainingSets().FormatConditioned().Fit(data).Transform(data));
        Assert.StartsWith(
            "Column 'short_55' has chains of a rate that no level has: levels 1 to 6 are 50, 60, 70, 80, 90, 100 %.", fault.Message);
    }

    [TestMethod]
    public void Too_many_levels_and_texts_without_their_places_are_refused()
    {
        var seven = new ConditionedOptions { LevelColumns = ["1", "2", "3", "4", "5", "6", "7"] };
        Throws(ErrorCode.Configuration, () => ML.TrainingSets().FormatConditioned(seven));
        Throws(ErrorCode.Configuration, () => ML.TrainingSets().FormatConditioned(new() { Texts = new() { LevelCondition = "Level" } }));
        Throws(ErrorCode.Configuration, () => ML.TrainingSets().FormatConditioned(new() { Texts = new() { AnswerPhrase = "So" } }));
    }

    [TestMethod]
    public void A_level_column_at_the_place_of_another_level_is_refused()
    {
        var options = new ConditionedOptions { LevelColumns = ["short_50", "short_80"] };
        var fault = Throws(ErrorCode.Configuration, () => ML.TrainingSets().FormatConditioned(options));
        Assert.Contains("'short_80' at the place of level 2, 60 %", fault.Message);
    }
}
