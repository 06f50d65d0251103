using ML.Pipelines.Text;

namespace ML.Pipelines.Tests.Text;

[TestClass]
public class AnswerExtractorTests
{
    [TestMethod]
    [DataRow(@"So \boxed{25}.", "25")]
    [DataRow(@"So \fbox{25}.", "25")]
    [DataRow(@"So \boxed {25}.", "25")]
    [DataRow(@"So $\boxed{\frac{1}{2}}$.", @"\frac{1}{2}")]
    [DataRow(@"So \boxed{\{1,2\}}.", @"\{1,2\}")]
    [DataRow(@"First \boxed{1}, then \boxed{2}.", "2")]
    [DataRow(@"So $\boxed 5$.", "5")]
    [DataRow(@"So \boxed 5.", "5")]
    [DataRow(@"So \boxed{$25$.}", "25")]
    [DataRow(@"First \boxed{1}, then \boxed{2", "1")]
    [DataRow(@"First \boxed{1}, put it in \boxed{}.", "1")]
    public void The_last_closed_box_is_the_answer(string text, string answer) => Assert.AreEqual(answer, AnswerExtractor.Extract(text));

    [TestMethod]
    [DataRow("So 3.\n#### 42", "42")]
    [DataRow("So 3.\n#### 1,234\n", "1,234")]
    [DataRow("So 3.\n#### $42", "$42")]
    [DataRow("So 3.\n#### -4.5", "-4.5")]
    public void A_hash_line_is_the_answer(string text, string answer) => Assert.AreEqual(answer, AnswerExtractor.Extract(text));

    [TestMethod]
    public void A_heading_is_no_answer() => Assert.IsNull(AnswerExtractor.Extract("#### 1. First step\nText"));

    [TestMethod]
    [DataRow("The final answer is 25.", "25")]
    [DataRow("The final answer is: **25**.", "25")]
    [DataRow("Hence the answer is $25$. I am sure.", "25")]
    [DataRow("So the answer is therefore 2.5.", "2.5")]
    [DataRow("**Final Answer:** 25", "25")]
    [DataRow("**Final Answer: 25**", "25")]
    [DataRow("Done.\n\n**Answer:** 25", "25")]
    [DataRow("Answer: (B)", "(B)")]
    [DataRow("**Final Answer**\n\nNone. The answer is 7", "7")]
    public void A_phrase_states_the_answer(string text, string answer) => Assert.AreEqual(answer, AnswerExtractor.Extract(text));

    [TestMethod]
    [DataRow("")]
    [DataRow("No result.")]
    [DataRow("The answer isn't clear.")]
    public void A_text_may_state_no_answer(string text) => Assert.IsNull(AnswerExtractor.Extract(text));

    [TestMethod]
    public void A_box_comes_before_a_phrase() => Assert.AreEqual("1", AnswerExtractor.Extract(@"So \boxed{1}. The answer is 2."));

    [TestMethod]
    public void The_text_after_thinking_comes_first() => Assert.AreEqual("1", AnswerExtractor.Extract("a </think> The answer is 1. "));

    [TestMethod]
    public void The_thinking_is_read_when_nothing_follows() => Assert.AreEqual("1", AnswerExtractor.Extract(@"So \boxed{1}</think> Done."));

    [TestMethod]
    public void The_span_is_where_the_answer_stands()
    {
        Assert.IsTrue(AnswerExtractor.TryExtract(@"So \boxed{25}.", out TextSpan answer));
        Assert.AreEqual(new TextSpan(10, 12), answer);
    }

    [TestMethod]
    public void A_box_is_found_in_a_step() => Assert.IsTrue(AnswerExtractor.ContainsBoxed(@"So \boxed{25"));

    [TestMethod]
    public void Extraction_never_fails() => NastyText.Check(text =>
        !AnswerExtractor.TryExtract(text, out TextSpan answer) || (answer.Length > 0
            && answer.In(text).ToString() == AnswerExtractor.Extract(text)));

    [TestMethod]
    [DataRow(@"\boxed{")]
    [DataRow("answer ")]
    [DataRow("the answer is ")]
    [DataRow(@"\boxed ")]
    [DataRow("#### ")]
    public void A_text_of_a_million_characters_is_searched(string unit) =>
        Assert.IsFalse(AnswerExtractor.TryExtract(string.Concat(Enumerable.Repeat(unit, 1_000_000 / unit.Length)) + "\n", out _)
            && unit[0] == '#');

    [TestMethod]
    [DataRow("aime24-67-2048", "25")]
    [DataRow("aime24-60-8192", "204")]
    public void A_real_trace_states_its_answer(string id, string answer) =>
        Assert.AreEqual(answer, AnswerExtractor.Extract(RealTraces.Response(id)));

    [TestMethod]
    [DataRow("So 25.", 3)]
    [DataRow("So $25$.", 4)]
    [DataRow("So {25}", 4)]
    [DataRow("xy=25", 3)]
    [DataRow("40-25", 3)]
    [DataRow("40 - 25", 5)]
    [DataRow("(1,25)", 3)]
    [DataRow("25, 26", 0)]
    [DataRow("25%", 0)]
    [DataRow("125 and 25", 8)]
    public void A_whole_number_is_found(string reasoning, int index) => Assert.AreEqual(index, AnswerOccurrence.FirstIn(reasoning, "25"));

    [TestMethod]
    [DataRow("125")]
    [DataRow("2.25")]
    [DataRow("2.5")]
    [DataRow("25.3")]
    [DataRow("25,000")]
    [DataRow("x = -25")]
    [DataRow("25th")]
    [DataRow("x25")]
    [DataRow("25/3")]
    public void A_part_of_a_number_is_not_found(string reasoning) => Assert.AreEqual(-1, AnswerOccurrence.FirstIn(reasoning, "25"));

    [TestMethod]
    [DataRow("It is 25.", "025", 6)]
    [DataRow("It is 1000.", "1,000", 6)]
    [DataRow("The blue one.", "blue", 4)]
    [DataRow("x = -5", "-5", 4)]
    [DataRow("3-5", "-5", -1)]
    [DataRow("anything", "", -1)]
    public void Other_forms_of_an_answer_are_found(string reasoning, string answer, int index) =>
        Assert.AreEqual(index, AnswerOccurrence.FirstIn(reasoning, answer));

    [TestMethod]
    public void Occurrence_never_fails() => NastyText.Check(text =>
        AnswerOccurrence.FirstIn(text + "25", text) >= -1 && AnswerOccurrence.FirstIn("So 25. " + text, "25") == 3);
}
