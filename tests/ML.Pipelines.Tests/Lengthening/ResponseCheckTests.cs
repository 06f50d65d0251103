using ML.Pipelines.Lengthening;

namespace ML.Pipelines.Tests.Lengthening;

[TestClass]
public sealed class ResponseCheckTests
{
    private const string Ten = "one two three four five six seven eight nine ten";

    [TestMethod]
    [DataRow("It ends. \n", ResponseLanguage.English, true)]
    [DataRow("It ends,", ResponseLanguage.English, true)]
    [DataRow("It does not end", ResponseLanguage.English, false)]
    [DataRow("It ends*", ResponseLanguage.English, false)]
    [DataRow("完了。", ResponseLanguage.English, false)]
    [DataRow("完了。\n", ResponseLanguage.Chinese, true)]
    [DataRow("完了…", ResponseLanguage.Chinese, true)]
    [DataRow("It ends.", ResponseLanguage.Chinese, false)]
    [DataRow("", ResponseLanguage.English, false)]
    [DataRow("", ResponseLanguage.Chinese, false)]
    public void The_last_character_must_be_a_closing_mark_of_the_branch(string text, ResponseLanguage language, bool closes)
    {
        Assert.AreEqual(closes ? null : ResponseFault.OpenEnd, ResponseCheck.FaultIn(text, language));
        Assert.AreEqual(closes, ResponseCheck.Passes(text, language));
    }

    [TestMethod]
    public void Ten_words_that_come_twice_are_a_repetition_in_English() =>
        Assert.AreEqual(ResponseFault.Repetition, ResponseCheck.FaultIn($"{Ten} and\n{Ten} .", ResponseLanguage.English));

    [TestMethod]
    public void Nine_words_may_come_twice_in_English() =>
        Assert.IsNull(ResponseCheck.FaultIn($"one {Ten[4..]} and {Ten[4..]} .", ResponseLanguage.English));

    [TestMethod]
    [DataRow(13, true)]
    [DataRow(12, false)]
    public void Thirteen_units_that_come_twice_are_a_repetition_in_Chinese(int units, bool repeats)
    {
        var text = "天地玄黄宇宙洪荒日月盈昃辰宿列张"[..units];
        Assert.AreEqual(repeats ? ResponseFault.Repetition : null, ResponseCheck.FaultIn($"{text}一{text}。", ResponseLanguage.Chinese));
    }

    [TestMethod]
    public void A_run_of_ascii_is_one_unit_in_Chinese()
    {
        const string Run = "a long run of many words, all ASCII ";
        Assert.IsNull(ResponseCheck.FaultIn($"{Run}天{Run}地{Run}。", ResponseLanguage.Chinese));
        Assert.AreEqual(ResponseFault.Repetition, ResponseCheck.FaultIn(
            string.Concat(Enumerable.Repeat($"{Run}天", 8)) + "。", ResponseLanguage.Chinese));
    }

    [TestMethod]
    [DataRow("Here is the revised text.\nb\nc\nd\ne\nf.", true)]
    [DataRow("a\nA new version:\nc\nd\ne\nf.", true)]
    [DataRow("a\nb\nthe paragraph\nd\ne\nf\ng.", false)]
    [DataRow("a\nb\nc\nIn response to you\ne\nf.", true)]
    [DataRow("a\nb\nc\nd\ne\nRevised.", false)]
    public void The_first_two_and_last_three_lines_must_not_speak_about_the_text_in_English(string text, bool speaks) =>
        Assert.AreEqual(speaks ? ResponseFault.Remark : null, ResponseCheck.FaultIn(text, ResponseLanguage.English));

    [TestMethod]
    public void Remarks_are_not_looked_for_in_Chinese() =>
        Assert.IsNull(ResponseCheck.FaultIn("version。", ResponseLanguage.Chinese));
}
