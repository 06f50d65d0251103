using ML.Pipelines.Formatting;
using ML.Pipelines.Tests.Data;

namespace ML.Pipelines.Tests.Formatting;

[TestClass]
public sealed class LengthFormatTests : FileTest
{
    [TestMethod]
    [DataRow(5, null)]
    [DataRow(6, "[MLT:10]")]
    [DataRow(15, "[MLT:10]")]
    [DataRow(16, null)]
    [DataRow(30, "[MLT:30]")]
    [DataRow(55, "[MLT:50]")]
    [DataRow(76, "[MLT:80]")]
    [DataRow(135, null)]
    [DataRow(136, "[MLT:150]")]
    [DataRow(155, "[MLT:150]")]
    [DataRow(300, "[MLT:300]")]
    [DataRow(505, "[MLT:500]")]
    [DataRow(696, "[MLT:700]")]
    [DataRow(800, null)]
    [DataRow(801, "[MLT:>800]")]
    public void An_output_has_the_token_of_its_range(int words, string? token) => Assert.AreEqual(token, MetaLengthToken.For(words)?.Token);

    [TestMethod]
    [DataRow("[MLT:80]", 70, false, true)]
    [DataRow("[MLT:80]", 90, true, true)]
    [DataRow("[MLT:80]", 100, false, true)]
    [DataRow("[MLT:80]", 101, false, false)]
    [DataRow("[MLT:10]", 20, true, true)]
    [DataRow("[MLT:700]", 771, false, true)]
    [DataRow("[MLT:>800]", 801, true, true)]
    public void A_generated_length_matches_precisely_or_flexibly(string name, int words, bool precise, bool flexible) =>
        Assert.AreEqual((precise, flexible), MetaLengthToken.All.Single(token => token.Token == name).Matches(words));

    [TestMethod]
    public void Words_of_length_tokens_are_runs_of_word_characters() =>
        Assert.AreEqual(5, MetaLengthToken.CountWords("It's 2.5 -- naïve_x!"));

    [TestMethod]
    public void An_output_gets_its_token_in_front_and_others_are_dropped()
    {
        var data = Load("""{"output":"one two three four five six"}""", """{"output":"too short"}""");
        var view = ML.TrainingSets(Rejects).FormatMetaLengthTokens("output").Fit(data).Transform(data);
        Assert.AreSequenceEqual(["'[MLT:10]one two three four five six', '[MLT:10]', 6"], RowText.Of(view));
        Assert.AreSequenceEqual(["no-length-token"], Rejects.DroppedRows.Select(row => row.Reason));
    }

    [TestMethod]
    public void An_instruction_tells_the_words_to_keep_and_to_delete()
    {
        var primed = LengthPrimed.Of("the very old {keep} duck", "old duck", "{source}|{text}|{keep}|{delete}");
        Assert.AreEqual(new LengthPrimed("5|the very old {keep} duck|2|3", 5, 2, 3), primed);
    }

    [TestMethod]
    [DataRow("a b", "")]
    [DataRow("a b", "c d")]
    [DataRow("a b", "c d e")]
    public void A_compression_that_is_empty_or_not_shorter_gives_none(string text, string compression) =>
        Assert.IsNull(LengthPrimed.Of(text, compression, "{text}"));

    [TestMethod]
    public void The_first_summary_of_a_list_counts()
    {
        var data = Load("""{"text":"a b c","summaries":["a c","a"]}""", """{"text":"a b c","summaries":[]}""");
        var options = new LengthPrimingOptions { Template = "{text}: {keep} of {source}" };
        var view = ML.TrainingSets(Rejects).FormatLengthPriming("prompt", options).Fit(data).Transform(data);
        Assert.AreSequenceEqual(["'a b c: 2 of 3', 3, 2, 1"], RowText.Of(view, "prompt", "source_words", "keep_words", "delete_words"));
        Assert.AreSequenceEqual(["not-shorter"], Rejects.DroppedRows.Select(row => row.Reason));
    }

    [TestMethod]
    public void A_template_without_the_text_is_refused() =>
        Throws(ErrorCode.Configuration, () => ML.TrainingSets().FormatLengthPriming("prompt", new() { Template = "{keep}" }));
}
