using ML.Pipelines.Pruning;

namespace ML.Pipelines.Tests.Pruning;

[TestClass]
public class AnswerCheckTests
{
    private const string Right = @"So \boxed{25}.";
    private const string Wrong = @"So \boxed{7}.";
    private const string None = "So it goes.";

    [TestMethod]
    [DataRow(true, "25", Right, "25", null)]
    [DataRow(true, "25", Wrong, null, "wrong-answer")]
    [DataRow(true, "25", None, "25", null)]
    [DataRow(true, null, Right, "25", null)]
    [DataRow(true, null, Wrong, "7", null)]
    [DataRow(true, null, None, null, "no-answer")]
    [DataRow(true, " ", None, null, "no-answer")]
    [DataRow(false, "25", Right, null, "cut-off")]
    [DataRow(false, "25", Wrong, null, "cut-off")]
    [DataRow(false, "25", None, null, "cut-off")]
    [DataRow(false, null, Right, null, "cut-off")]
    [DataRow(false, null, Wrong, null, "cut-off")]
    [DataRow(false, null, None, null, "cut-off")]
    public void By_default_rows_that_cannot_be_trusted_are_dropped(bool complete, string? gold, string solution, string? answer, string? reason) =>
        Assert.AreEqual(new AnswerCheck(answer, reason), Of(complete, gold, solution, new()));

    [TestMethod]
    [DataRow(true, "25", Right, "25")]
    [DataRow(true, "25", Wrong, "25")]
    [DataRow(true, "25", None, "25")]
    [DataRow(true, null, Right, "25")]
    [DataRow(true, null, Wrong, "7")]
    [DataRow(true, null, None, null)]
    [DataRow(false, "25", Right, "25")]
    [DataRow(false, "25", Wrong, "25")]
    [DataRow(false, "25", None, "25")]
    [DataRow(false, null, Right, "25")]
    [DataRow(false, null, Wrong, "7")]
    [DataRow(false, null, None, null)]
    public void With_keep_policies_every_row_stays_and_is_scored_by_its_gold_answer_first(bool complete, string? gold, string solution, string? answer) =>
        Assert.AreEqual(new AnswerCheck(answer, null), Of(complete, gold, solution, KeepAll));

    [TestMethod]
    public void Each_policy_keeps_only_its_own_kind()
    {
        Assert.AreEqual("wrong-answer", Of(true, "25", Wrong, KeepAll with { WrongAnswer = RowPolicy.Drop }).DropReason);
        Assert.AreEqual("no-answer", Of(false, null, None, KeepAll with { NoAnswer = RowPolicy.Drop }).DropReason);
        Assert.AreEqual("cut-off", Of(false, "25", Right, KeepAll with { CutOff = RowPolicy.Drop }).DropReason);
    }

    [TestMethod]
    public void A_cut_off_trace_that_is_kept_is_not_called_wrong() =>
        Assert.IsNull(Of(false, "25", Wrong, new() { CutOff = RowPolicy.Keep }).DropReason);

    [TestMethod]
    public void The_solution_states_the_answer_before_the_chain_does() =>
        Assert.AreEqual("25", AnswerCheck.Of(Row(true, null, Right) with { Reasoning = Wrong }, new()).Answer);

    [TestMethod]
    public void The_chain_states_the_answer_where_the_solution_does_not() =>
        Assert.AreEqual("7", AnswerCheck.Of(Row(true, null, None) with { Reasoning = Wrong }, new()).Answer);

    [TestMethod]
    public void A_stated_answer_of_another_spelling_is_right() =>
        Assert.AreEqual("25", Of(true, "25", @"So \boxed{25.0}.", new()).Answer);

    private static PruningOptions KeepAll => new() { CutOff = RowPolicy.Keep, WrongAnswer = RowPolicy.Keep, NoAnswer = RowPolicy.Keep };

    private static AnswerCheck Of(bool complete, string? gold, string solution, PruningOptions options) =>
        AnswerCheck.Of(Row(complete, gold, solution), options);

    private static PruningRow Row(bool complete, string? gold, string solution) =>
        new("r", "q", "Let us see.", gold, solution, complete, [new(0, 11)]);
}
