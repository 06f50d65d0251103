using ML.Pipelines.Text;

namespace ML.Pipelines.Tests.Text;

[TestClass]
public class StepSegmenterTests
{
    // One sentence a step shows every sentence boundary.
    private static readonly StepSegmenterOptions OneSentence = new() { TargetSentences = 1, MaxSentences = 1 };

    private static string[] Steps(string text, StepSegmenterOptions? options = null) =>
        [.. new StepSegmenter(options).Segment(text).Select(step => step.In(text).ToString())];

    private static void IsOneSentence(string text) => CollectionAssert.AreEqual(new[] { text }, Steps(text, OneSentence));

    [TestMethod]
    public void An_empty_text_has_no_steps() => Assert.IsEmpty(Steps(""));

    [TestMethod]
    public void A_text_of_white_space_is_one_step() => Assert.HasCount(1, Steps(" \n\n "));

    [TestMethod]
    public void Leading_white_space_belongs_to_the_first_step() => Assert.AreEqual("\n\n So x = 5.", Steps("\n\n So x = 5.")[0]);

    [TestMethod]
    public void White_space_after_a_sentence_belongs_to_it() =>
        CollectionAssert.AreEqual(new[] { "One is odd. \n\n", "Two is even." }, Steps("One is odd. \n\nTwo is even.", OneSentence));

    [TestMethod]
    [DataRow("It holds that $f. Then g. Not$ is one.")]
    [DataRow("It holds that $$f. Then g. Not$$ is one.")]
    [DataRow(@"It holds that \(f. Then g. Not\) is one.")]
    [DataRow(@"It holds that \[f. Then\n\n g. Not\] is one.")]
    [DataRow(@"It holds that \begin{cases} f. Then \begin{cases} g. \end{cases} Not. \end{cases} is one.")]
    [DataRow("It holds that `f. Then g. Not` is one.")]
    [DataRow("It holds that ``f. Then ` g. Not`` is one.")]
    public void A_formula_or_inline_code_is_never_split(string text) => IsOneSentence(text);

    [TestMethod]
    [DataRow("```")]
    [DataRow("~~~")]
    public void A_code_fence_is_never_split(string fence) =>
        IsOneSentence($"Run this:\n\n{fence}python\nx = 1. \n\nPrint. Done.\n{fence}\n");

    [TestMethod]
    public void A_fence_closes_only_with_as_many_marks() =>
        Assert.AreEqual("````\na.\n```\n\nB. C.\n````\n", Steps("````\na.\n```\n\nB. C.\n````\nThen D.", OneSentence)[0]);

    [TestMethod]
    [DataRow("Pi is 3.14 about.")]
    [DataRow("Use primes, e.g. Mersenne ones.")]
    [DataRow("That is, i.e. Two.")]
    [DataRow("Primes, squares, etc. are sets.")]
    [DataRow("Ask Dr. Smith now.")]
    [DataRow("See Fig. 3 and Eq. (2) here.")]
    [DataRow("Cats vs. Dogs.")]
    [DataRow("It takes approx. 5 hours.")]
    [DataRow("Take No. 5 here.")]
    [DataRow("A rule by J. R. Smith holds.")]
    [DataRow("Hmm... maybe not.")]
    [DataRow("Hmm… maybe not.")]
    [DataRow("So n! is large.")]
    [DataRow("So 5! / 3! is 20.")]
    [DataRow("Terms 1, 2, ..., n.")]
    public void A_mark_inside_a_sentence_does_not_end_it(string text) => IsOneSentence(text);

    [TestMethod]
    [DataRow("Take point B. Then go on.")]
    [DataRow("Wait, no. That fails.")]
    [DataRow("Sets, etc. The rest follows.")]
    [DataRow("Is it? Yes.")]
    [DataRow("Hmm... Maybe.")]
    [DataRow("He said \"no.\" Then he left.")]
    [DataRow("This is **bold.** Next is not.")]
    [DataRow("So x is 25. Then y is 5.")]
    [DataRow("So $x=5$. Then y is 5.")]
    [DataRow("所以x等于5。然后继续。")]
    [DataRow("真的吗？是的。")]
    [DataRow("太好了！完成。")]
    public void A_full_stop_ends_a_sentence(string text) => Assert.HasCount(2, Steps(text, OneSentence));

    [TestMethod]
    public void Four_sentences_of_a_paragraph_are_one_step() => Assert.HasCount(1, Steps("It is a. It is b. It is c. It is d."));

    [TestMethod]
    public void Five_sentences_of_a_paragraph_are_split_three_and_two() =>
        CollectionAssert.AreEqual(new[] { "It is a1. It is b1. It is c1. ", "It is d1. It is e1." },
            Steps("It is a1. It is b1. It is c1. It is d1. It is e1."));

    [TestMethod]
    public void Short_paragraphs_are_merged_up_to_the_target() =>
        CollectionAssert.AreEqual(new[] { "P is 1.\n\nQ is 2.\n\nR is 3.\n\n", "S is 4." },
            Steps("P is 1.\n\nQ is 2.\n\nR is 3.\n\nS is 4."));

    [TestMethod]
    public void A_paragraph_that_does_not_fit_starts_a_step() =>
        Assert.AreEqual("P is 1. Q is 2.\n\n", Steps("P is 1. Q is 2.\n\nR is 3. S is 4. T is 5.")[0]);

    [TestMethod]
    [DataRow("Wait, is that so?")]
    [DataRow("But wait, is that so?")]
    [DataRow("Hmm, wait. Is that so?")]
    [DataRow("Alternatively, use y.")]
    [DataRow("Let me check it.")]
    [DataRow("**Wait**, is that so?")]
    public void A_paragraph_with_a_reflection_marker_starts_a_step(string reflection) =>
        Assert.AreEqual(reflection, Steps("P is 1.\n\n" + reflection)[1]);

    [TestMethod]
    public void A_reflection_inside_a_paragraph_starts_a_step() => Assert.AreEqual("Wait, no.", Steps("P is 1. Wait, no.")[1]);

    [TestMethod]
    public void A_reflection_inside_a_paragraph_can_be_kept_in() =>
        Assert.HasCount(1, Steps("P is 1. Wait, no.", new() { BreakAtReflectionInParagraph = false }));

    [TestMethod]
    public void Two_reflections_in_a_row_are_one_thought() => Assert.HasCount(2, Steps("P is 1. Wait, really? Let me check that."));

    [TestMethod]
    public void A_progressive_paragraph_ends_a_reflection() =>
        CollectionAssert.AreEqual(new[] { "Wait, is it 5?\n\n", "Therefore, x is 5." }, Steps("Wait, is it 5?\n\nTherefore, x is 5."));

    [TestMethod]
    public void A_displayed_formula_stays_with_its_introduction() =>
        IsOneSentence("Therefore:\n\n\\[\nx = 5.\n\\]\n\nwhere x is an integer.");

    [TestMethod]
    public void A_formula_alone_on_its_line_is_displayed() => IsOneSentence("So we get\n\n$x = 5$.");

    [TestMethod]
    public void A_list_stays_with_the_line_that_introduces_it() =>
        IsOneSentence("The cases are:\n- x is 1. It is odd.\n- x is 2.\n- x is 3.\n");

    [TestMethod]
    public void A_list_stays_with_its_introduction_across_a_blank_line() => IsOneSentence("The cases are:\n\n1. x is 1.\n2. x is 2.\n");

    [TestMethod]
    public void A_short_list_with_blank_lines_stays_with_its_introduction() =>
        Assert.HasCount(1, Steps("The points are:\n\n- A(0,16)\n\n- B(1,16)\n\n- C(1,0)\n\n- D(0,0)"));

    [TestMethod]
    public void A_long_list_with_blank_lines_is_split() =>
        Assert.IsGreaterThan(1, Steps("The points are:\n\n" + string.Concat(Enumerable.Repeat("- A point.\n\n", 20))).Length);

    [TestMethod]
    public void A_heading_stays_with_what_follows() => IsOneSentence("### Step 1\n\nAdd the numbers.");

    [TestMethod]
    public void A_reflection_does_not_stay_with_a_colon() => Assert.HasCount(2, Steps("Let me see:\n\nWait, no."));

    [TestMethod]
    [DataRow("It costs $5 and more. Then we stop.")]
    [DataRow("It costs $5. Then he pays 10$ more.")]
    [DataRow("It costs $5 or $6. Then we stop.")]
    [DataRow(@"It costs \$5. Then \$6.")]
    [DataRow(@"So \[ x = 5. Then we stop.")]
    [DataRow(@"So \( x = 5. Then we stop.")]
    [DataRow("So $$ x = 5. Then we stop.")]
    [DataRow("So ` x = 5. Then we stop.")]
    [DataRow(@"So \begin{a} x = 5. Then we stop.")]
    [DataRow(@"So \end{a} x = 5. Then we stop.")]
    public void A_delimiter_that_does_not_close_is_ordinary_text(string text) => Assert.HasCount(2, Steps(text, OneSentence));

    [TestMethod]
    public void An_open_fence_does_not_swallow_the_rest() =>
        Assert.HasCount(3, Steps("Run:\n```\nx = 1.\n\nThen stop. Then go.", OneSentence));

    [TestMethod]
    public void A_truncated_display_does_not_reach_the_next_one() =>
        Assert.HasCount(2, Steps("So \\[ x = 5. Then we stop: \\[ y. Z \\].", OneSentence));

    [TestMethod]
    public void A_dollar_does_not_close_in_another_paragraph() =>
        Assert.HasCount(2, Steps("It costs $x for a.\n\nOr y$ for b.", OneSentence));

    [TestMethod]
    public void A_text_with_no_boundary_is_cut_at_the_longest_step()
    {
        string[] steps = Steps(new string('a', 10_001));
        CollectionAssert.AreEqual(new[] { 4000, 4000, 2001 }, steps.Select(step => step.Length).ToArray());
    }

    [TestMethod]
    public void A_long_sentence_is_cut_at_a_space() =>
        Assert.IsTrue(Steps(string.Concat(Enumerable.Repeat("word ", 2000))).All(step => step.EndsWith(' ')));

    [TestMethod]
    public void A_long_sentence_is_not_cut_in_a_formula()
    {
        string formula = "$" + string.Concat(Enumerable.Repeat("x + ", 5)) + "y$ ";
        string[] steps = Steps(string.Concat(Enumerable.Repeat(formula, 40)), new() { MaxStepLength = 100 });
        Assert.IsTrue(steps.All(step => step.StartsWith('$') && step.EndsWith("y$ ", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void A_line_break_ends_a_short_line() =>
        Assert.HasCount(3, Steps("At x=0, f is 1\nAt x=1, f is 2\nAt x=2, f is 3", OneSentence));

    [TestMethod]
    public void A_wrapped_line_goes_on() =>
        IsOneSentence("This sentence is so long that the one who wrote it had to break the line\nAlice used, and then went on.");

    [TestMethod]
    public void A_crlf_is_not_split() =>
        CollectionAssert.AreEqual(new[] { "P is 1.\r\n\r\n", "Q is 2." }, Steps("P is 1.\r\n\r\nQ is 2.", OneSentence));

    [TestMethod]
    public void An_option_out_of_range_is_refused() =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new StepSegmenter(new() { TargetSentences = 3, MaxSentences = 2 }));

    [TestMethod]
    public async Task A_cancelled_call_throws() =>
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await new StepSegmenter().SegmentAsync(
            "a", new CancellationToken(canceled: true)));
}
