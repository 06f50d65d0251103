using ML.Pipelines.Pruning;

namespace ML.Pipelines.Tests.Pruning;

[TestClass]
public class AnswerTailTests
{
    [TestMethod]
    [DataRow(3, "P: let x", "V: check", "P: so", @"P: thus \boxed{42}")]
    [DataRow(3, "P: let x", "V: check", "P: so", @"P: thus \fbox{42}")]
    [DataRow(3, "P: let x", "V: check", "P: so", "P: it is 42.")]
    [DataRow(2, "P: let x", "V: check", @"P: \boxed{42}", @"P: thus \boxed{42}")]
    [DataRow(1, @"P: let x", @"P: \boxed{42}", @"P: \boxed{42}", @"P: thus \boxed{42}")]
    [DataRow(2, "P: let x", "V: check", "P: it is 42", "P: done")]
    [DataRow(1, "P: let x", "P: it is 42", "V: fine", "P: done")]
    public void The_tail_from_the_last_step_that_states_the_answer_is_no_context(int context, params string[] lines) =>
        Assert.AreEqual(context, ContextSteps(lines));

    [TestMethod]
    public void An_answer_before_the_last_three_steps_is_no_conclusion() =>
        Assert.AreEqual(4, ContextSteps("P: it is 42", "V: fine", "V: fine", "P: done"));

    [TestMethod]
    public void An_answer_inside_a_longer_number_is_no_mention() => Assert.AreEqual(2, ContextSteps("P: let x", "P: it is 142 or 4.42"));

    [TestMethod]
    public void A_chain_that_only_states_the_answer_has_no_context() => Assert.AreEqual(0, ContextSteps(@"P: \boxed{42}"));

    [TestMethod]
    public void A_chain_without_steps_has_no_context() => Assert.AreEqual(0, ContextSteps());

    [TestMethod]
    [DataRow(0, null)]
    [DataRow(1, "first-answer")]
    [DataRow(2, "boxed")]
    [DataRow(3, null)]
    [DataRow(4, "answer-tail")]
    [DataRow(5, "last-step")]
    public void Steps_that_state_the_answer_first_or_last_or_boxed_are_guarded(int step, string? guard)
    {
        var row = Lines.Row("P: let x", "V: maybe 42", @"V: \boxed{7}", "V: again 42", "V: it is 42", "P: done");
        var spans = Lines.Split(row.Reasoning);
        var mention = row.Reasoning.IndexOf("42", StringComparison.Ordinal);
        Assert.AreEqual(guard, AnswerTail.Guard(step, row.Reasoning, spans, 4, mention));
    }

    [TestMethod]
    public void Without_a_mention_no_step_is_guarded_for_it()
    {
        var row = Lines.Row("P: let x", "P: done");
        Assert.IsNull(AnswerTail.Guard(0, row.Reasoning, Lines.Split(row.Reasoning), 2, -1));
    }

    private static int ContextSteps(params string[] lines)
    {
        var row = Lines.Row(lines);
        return AnswerTail.ContextSteps(row.Reasoning, Lines.Split(row.Reasoning), "42");
    }
}
