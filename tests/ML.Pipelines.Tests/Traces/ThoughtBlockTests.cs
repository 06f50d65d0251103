using FsCheck;
using FsCheck.Fluent;
using ML.Pipelines.Traces;

namespace ML.Pipelines.Tests.Traces;

[TestClass]
public class ThoughtBlockTests
{
    private static string? Thought(string text) => Take.Thought.Of(text);

    private static string? Solution(string text) => Take.Solution.Of(text);

    [TestMethod]
    [DataRow("<think>\nLet x = 2.\n</think>\n\nIt is 2.")]
    [DataRow("<think>Let x = 2.</think>It is 2.")]
    [DataRow("<think>\r\nLet x = 2.\r\n</think>\r\n\r\nIt is 2.\r\n")]
    [DataRow("<|begin_of_thought|>\nLet x = 2.\n<|end_of_thought|>\n\n<|begin_of_solution|>\nIt is 2.\n<|end_of_solution|>")]
    [DataRow("<|begin_of_thought|>Let x = 2.<|end_of_thought|><|begin_of_solution|>It is 2.")]
    public void Thought_and_solution_stand_between_and_after_the_tags(string text)
    {
        Assert.AreEqual("Let x = 2.", Thought(text));
        Assert.AreEqual("It is 2.", Solution(text));
        Assert.IsFalse(ThoughtBlock.In(text).IsCutOff);
    }

    [TestMethod]
    public void Exactly_one_line_break_is_taken_inside_each_tag() =>
        Assert.AreEqual("\n  Let x = 2. \n", Thought("<think>\n\n  Let x = 2. \n\n</think>"));

    [TestMethod]
    [DataRow("<think></think>x")]
    [DataRow("<think>\n</think>x")]
    [DataRow("<think>\r\n</think>x")]
    [DataRow("<think>\n\n</think>x")]
    public void An_empty_thought_is_empty(string text) => Assert.AreEqual("", Thought(text));

    [TestMethod]
    public void A_thought_that_never_closes_is_cut_off_and_kept_to_its_last_byte()
    {
        Assert.AreEqual("Let x\n", Thought("<think>\nLet x\n"));
        Assert.IsTrue(ThoughtBlock.In("<think>\nLet x\n").IsCutOff);
        Assert.IsNull(Solution("<think>\nLet x\n"));
    }

    [TestMethod]
    public void A_closing_tag_alone_ends_a_thought_that_the_prompt_opened()
    {
        Assert.AreEqual("Let x = 2.", Thought("Let x = 2.\n</think>\n\nIt is 2."));
        Assert.AreEqual("It is 2.", Solution("Let x = 2.\n</think>\n\nIt is 2."));
    }

    [TestMethod]
    public void A_text_without_tags_is_a_thought_as_a_whole()
    {
        Assert.AreEqual("\nLet x = 2.\n", Thought("\nLet x = 2.\n"));
        Assert.IsNull(Solution("\nLet x = 2.\n"));
        Assert.IsFalse(ThoughtBlock.In("\nLet x = 2.\n").IsCutOff);
    }

    [TestMethod]
    public void The_first_closing_tag_ends_the_thought()
    {
        Assert.AreEqual("a", Thought("<think>a</think>b<think>c</think>d"));
        Assert.AreEqual("b<think>c</think>d", Solution("<think>a</think>b<think>c</think>d"));
    }

    [TestMethod]
    public void A_solution_of_blanks_is_none() => Assert.IsNull(Solution("<think>a</think>\n \n"));

    [TestMethod]
    public void Any_thought_comes_back_byte_for_byte() => FsCheck.Fluent.Prop.ForAll(
        ArbMap.Default.ArbFor<string?>(),
        text => text is null || text.Contains("think>") || text.EndsWith('\r') || Thought($"<think>\n{text}\n</think>") == text)
        .QuickCheckThrowOnFailure();

    [TestMethod]
    public void Spans_of_any_text_lie_in_it() => FsCheck.Fluent.Prop.ForAll(
        Gen.Elements(
            "<think>", "</think>", "<|begin_of_thought|>", "<|end_of_thought|>", "<|begin_of_solution|>", "<|end_of_solution|>",
            "\n", "\r\n", "x ").ListOf().Select(string.Concat).ToArbitrary(),
        text =>
        {
            var block = ThoughtBlock.In(text);
            var solution = block.Solution is { } span ? span.In(text).ToString() : null;
            return block.Thought.Length >= 0 && text.Contains(block.Thought.In(text).ToString())
                && (solution is null || (solution.Trim() == solution && solution.Length > 0));
        }).QuickCheckThrowOnFailure();

    [TestMethod]
    [DataRow("48/2 = 24 clips.\n48+24 = 72 clips.\n#### 72", "48/2 = 24 clips.\n48+24 = 72 clips.", "72")]
    [DataRow("One.\r\n#### 1,234,567 \r\n", "One.", "1234567")]
    [DataRow("a\n#### 1\nb\n####2", "a\n#### 1\nb", "2")]
    [DataRow("#### 7", "", "7")]
    [DataRow("a ## b #### c", "a ## b #### c", null)]
    public void The_last_hash_line_parts_rationale_and_answer(string text, string before, string? after)
    {
        Assert.AreEqual(before, Take.BeforeHashes.Of(text));
        Assert.AreEqual(after, Take.AfterHashes.Of(text));
    }

    [TestMethod]
    [DataRow("The total is $\\boxed{204}$.", "204")]
    [DataRow(" C \n", "C")]
    [DataRow("A proof.\nIt goes on.", null)]
    [DataRow("", null)]
    public void The_answer_is_what_a_text_states_or_a_short_line_itself(string text, string? answer) =>
        Assert.AreEqual(answer, Take.Answer.Of(text));
}
