using ML.Pipelines.Tests.Data;

namespace ML.Pipelines.Tests.Formatting;

[TestClass]
public sealed class PuzzleFormatTests : FileTest
{
    [TestMethod]
    [DataRow("""{"question":"q","choices":[{"label":"A","text":"x"},{"label":"B","text":"y"}]}""", null)]
    [DataRow("""{"question":"q","choices":["x","y"]}""", null)]
    [DataRow("""{"question":"q","choices":["x","y"],"l":["A","B"]}""", "l")]
    public void Options_follow_the_question_in_lines(string row, string? labels) =>
        Assert.AreSequenceEqual(["'q\nA: x\nB: y'"], Format(row, labels));

    [TestMethod]
    public void Rows_without_options_are_dropped_and_lists_of_other_lengths_quarantined()
    {
        Assert.IsEmpty(Format("""{"question":"q","choices":["x","y"],"l":["A"]}""", "l"));
        Assert.IsEmpty(Format("""{"question":"q","choices":[],"l":["A"]}""" + "\n" + """{"question":"q","choices":["x"],"l":[]}""", "l"));
        Assert.AreSequenceEqual(["no-options"], Rejects.DroppedRows.Select(row => row.Reason));
        Assert.AreSequenceEqual([ErrorCode.TypeMismatch, ErrorCode.TypeMismatch], Rejects.Codes);
    }

    [TestMethod]
    public void Options_of_another_type_are_refused()
    {
        var fault = Throws(ErrorCode.TypeMismatch, () => Format("""{"question":"q","choices":[{"key":"A","text":"x"}]}""", null));
        Assert.Contains("(optionsColumn)", fault.Message);
    }

    private IReadOnlyList<string> Format(string rows, string? labels)
    {
        var data = Load(rows);
        return RowText.Of(ML.TrainingSets(Rejects).FormatPuzzles(new() { LabelsColumn = labels }).Fit(data).Transform(data), "question");
    }
}
