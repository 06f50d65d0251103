using ML.Pipelines.Cli.Evaluation;

namespace ML.Pipelines.Cli.Tests.Evaluation;

[TestClass]
public sealed class TaskJudgesTests
{
    private const string Words20 = "a b c d e f g h i j k l m n o p q r s t";

    [TestMethod]
    [DataRow("judge", "hard", "hard \n", 1)]
    [DataRow("judge", "hard", "Hard", 0)]
    public void A_reply_is_exact_to_the_letter_but_for_white_space_at_its_ends(string task, string expected, string reply, double exact) =>
        Assert.AreEqual(exact, Figure("exact", Row(task, expected), reply));

    [TestMethod]
    [DataRow("2 + 3 = 5\nSo it is 15.", 1)]
    [DataRow("So it is 15, which was asked.", 1)]
    [DataRow("So it is 115.", 0)]
    [DataRow("So it is -15", 0)]
    [DataRow("So it is 15 of 20.", 0)]
    [DataRow("So it is 150.", 0)]
    [DataRow("It is 15.\nDone.", 0)]
    [DataRow("", 0)]
    public void A_rewritten_chain_ends_with_the_answer_where_no_number_is_behind_it(string reply, double ends) =>
        Assert.AreEqual(ends, Figure("ends with the answer", Row("rewrite", "x") with { Answer = "15" }, reply));

    [TestMethod]
    [DataRow("a b c d e f g h i j", 1, 0)]
    [DataRow("b a c d e f g h i j", 0, 0)]
    [DataRow("a b c d e f g h i j k", 1, .05)]
    [DataRow("a b c d e f g h i j k l", 0, .1)]
    [DataRow("a", 0, .45)]
    public void A_compression_keeps_what_is_required_in_order_and_comes_near_the_rate(string reply, double accepted, double difference)
    {
        var row = Row("compress", "x") with { Original = Words20, Rate = .5, Required = ["a", "b"] };
        Assert.AreEqual(accepted, Figure("accepted", row, reply));
        Assert.AreEqual(difference, Figure("difference from the rate", row, reply), 1e-9);
    }

    [TestMethod]
    [DataRow("1: progressive\n2: verification", 2, 1)]
    [DataRow("1: progressive\n2: progressive", 1, 0)]
    [DataRow("2: verification", 1, 0)]
    [DataRow("nothing", 0, 0)]
    public void A_classification_is_judged_by_steps_and_as_a_whole(string reply, double steps, double exact)
    {
        var measurements = TaskJudges.Judge(Row("classify", "1: progressive\n2: verification"), reply).ToDictionary(m => m.Figure);
        Assert.AreEqual(new TaskMeasurement("steps", steps, 2), measurements["steps"]);
        Assert.AreEqual(exact, measurements["exact"].Value);
    }

    [TestMethod]
    [DataRow("a b c d e f g h i j k l m n o p q r s t u v w x y.", 1)]
    [DataRow("a b c d e f g h i j k l m n o p q r s t u v w x.", 0)]
    [DataRow("a b c d e f g h i j k l m n o p q r s t u v w x y", 0)]
    public void An_extension_is_a_fifth_longer_and_ends(string reply, double accepted) =>
        Assert.AreEqual(accepted, Figure("accepted", Row("extend", "x") with { Original = Words20 }, reply));

    [TestMethod]
    public void A_text_is_judged_by_its_length_and_the_response_check()
    {
        var row = Row("write", "x") with { Words = 40 };
        Assert.AreEqual(2 * 20 / 32.0 - 1, Figure("length score", row, Words20), 1e-9);
        Assert.AreEqual(0, Figure("passes the response check", row, Words20));
        Assert.AreEqual(1, Figure("passes the response check", row, Words20 + "."));
    }

    [TestMethod]
    public void A_question_is_one_of_the_right_ones()
    {
        var row = Row("ask", "x") with { Questions = ["Why?", "How?"] };
        Assert.AreEqual(1, Figure("one of the right questions", row, "How?"));
        Assert.AreEqual(0, Figure("one of the right questions", row, "How"));
        Assert.AreEqual(1, Figure("one of the right questions", row, "Ann owns 5 pens.\nQuestion: How?"));
    }

    [TestMethod]
    [DataRow("2 + 3 = 5\nFinal answer: 5", 1)]
    [DataRow("Final answer: 4\nFinal answer: 5", 1)]
    [DataRow("Final answer: 5 pens", 0)]
    [DataRow("5", 0)]
    public void A_solution_is_judged_by_what_is_behind_its_last_mark(string reply, double right) =>
        Assert.AreEqual(right, Figure("final answer", Row("solve", "x") with { Answer = "5" }, reply));

    [TestMethod]
    [DataRow("Ann owns 5 pens.\nAnswer: 5", 1, 1)]
    [DataRow("Ann has 5 pens.\nAnswer: 5", 0, 1)]
    [DataRow("Ann owns 5 pens.\nAnswer: 15", 0, 0)]
    [DataRow("5", 0, 0)]
    public void An_answer_is_judged_with_the_sentence_that_it_quotes_and_without(string reply, double exact, double right)
    {
        var row = Row("answer", "Ann owns 5 pens.\nAnswer: 5") with { Answer = "5" };
        Assert.AreEqual(exact, Figure("exact", row, reply));
        Assert.AreEqual(right, Figure("final answer", row, reply));
    }

    [TestMethod]
    public void Unseen_operations_are_counted_apart()
    {
        var row = Row("solve", "x") with { Answer = "5" };
        Assert.HasCount(1, TaskJudges.Judge(row, "Final answer: 5").ToArray());
        Assert.AreEqual(1, Figure("final answer, unseen operations", row with { Unseen = true }, "Final answer: 5"));
    }

    private static TaskPrompt Row(string task, string reply) => new("p", task, "words", "Do it.", reply);

    private static double Figure(string name, TaskPrompt row, string reply) =>
        TaskJudges.Judge(row, reply).Single(measurement => measurement.Figure == name).Value;
}
