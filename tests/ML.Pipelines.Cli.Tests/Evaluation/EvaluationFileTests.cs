using ML.Pipelines.Cli.Evaluation;

namespace ML.Pipelines.Cli.Tests.Evaluation;

[TestClass]
public sealed class EvaluationFileTests
{
    [TestMethod]
    public void Rows_are_read_with_their_places_and_unknown_fields_ignored()
    {
        using var folder = new EvaluationFolder();
        var path = folder.Write("traces.jsonl", "", EvaluationFolder.Trace);
        var (row, place) = EvaluationFile.Read<LabelledTrace>(path).Single();
        Assert.AreEqual(StepLabel.Redundant, row.Steps[1].Label);
        Assert.AreEqual($"{path}:2 (id 't1')", place);
    }

    [TestMethod]
    [DataRow("{", ErrorCode.InvalidJson, "not JSON")]
    [DataRow("null", ErrorCode.InvalidJson, "not a JSON object")]
    [DataRow("""{"id": "a", "set": "s"}""", ErrorCode.MissingColumn, "lacks 'text'")]
    [DataRow("""{"id": "a", "set": "s", "text": 3}""", ErrorCode.TypeMismatch, "$.text has a value of another type")]
    [DataRow("""{"id": "a", "set": "s", "text": null}""", ErrorCode.TypeMismatch, "$.text")]
    [DataRow("""{"id": "a", "set": "s", "text": ""}""", ErrorCode.TypeMismatch, "text is empty")]
    [DataRow("""{"id": "x1", "set": "s", "text": "t"}""", ErrorCode.DuplicateId, "'x1'")]
    public void A_bad_row_is_named_with_file_line_and_fault(string row, string code, string text)
    {
        using var folder = new EvaluationFolder();
        var path = folder.Write("texts.jsonl", EvaluationFolder.Text, row);
        AssertFault(code, $"{path}:2", text, () => EvaluationFile.Read<EvaluationText>(path));
    }

    [TestMethod]
    public void A_label_that_there_is_not_is_named()
    {
        using var folder = new EvaluationFolder();
        var path = folder.Write("traces.jsonl", EvaluationFolder.Trace.Replace("redundant", "useless", StringComparison.Ordinal));
        AssertFault(ErrorCode.TypeMismatch, $"{path}:1", "$.steps[1].label", () => EvaluationFile.Read<LabelledTrace>(path));
    }

    [TestMethod]
    [DataRow("[0, 0]")]
    [DataRow("[0]")]
    [DataRow("[1, 2]")]
    public void An_order_that_is_none_of_the_sentences_is_refused(string order)
    {
        using var folder = new EvaluationFolder();
        var path = folder.Write("gsm8k.jsonl", EvaluationFolder.Problem.Replace("[1, 0]", order, StringComparison.Ordinal));
        AssertFault(ErrorCode.TypeMismatch, $"{path}:1", "order is not an order of 0 to 1",
            () => EvaluationFile.Read<GradeSchoolProblem>(path));
    }

    [TestMethod]
    [DataRow("sing", "there is no task 'sing'")]
    [DataRow("rewrite", "answer is missing")]
    [DataRow("solve", "answer is missing")]
    [DataRow("answer", "answer is missing")]
    [DataRow("compress", "rate is not a number from 0 to 1")]
    [DataRow("extend", "original is missing")]
    [DataRow("write", "words is not a number of at least 1")]
    [DataRow("ask", "questions is missing")]
    [DataRow("classify", "reply has no line")]
    public void A_prompt_that_lacks_what_its_task_is_judged_by_is_refused(string task, string text)
    {
        using var folder = new EvaluationFolder();
        var path = folder.Write("prompts.jsonl", EvaluationFolder.Prompt.Replace("\"judge\"", $"\"{task}\"", StringComparison.Ordinal));
        AssertFault(ErrorCode.TypeMismatch, $"{path}:1 (id 'p1')", text, () => EvaluationFile.Read<TaskPrompt>(path));
    }

    [TestMethod]
    public void A_file_that_is_missing_or_has_no_rows_is_named()
    {
        using var folder = new EvaluationFolder();
        AssertFault(ErrorCode.FileNotFound, folder.PathOf("none.jsonl"), "--only",
            () => EvaluationFile.Read<EvaluationText>(folder.PathOf("none.jsonl")));
        AssertFault(ErrorCode.DamagedFile, "empty.jsonl", "has no rows",
            () => EvaluationFile.Read<EvaluationText>(folder.Write("empty.jsonl", "")));
    }

    private static void AssertFault(string code, string place, string text, Action read)
    {
        var fault = Assert.ThrowsExactly<PipelineException>(read);
        Assert.AreEqual(code, fault.Code, fault.Message);
        StringAssert.Contains(fault.Message, place);
        StringAssert.Contains(fault.Message, text);
    }
}
