using System.Text.Json;
using ML.Pipelines.Runs;
using ML.Pipelines.Tests.Data;

namespace ML.Pipelines.Tests.Runs;

[TestClass]
public sealed class DataGatesTests : FileTest
{
    private static readonly RunTotals Totals = new() { RowsIn = 10, RowsKept = 6, TokensBefore = 200, TokensAfter = 150 };

    [TestMethod]
    public void Without_a_gate_nothing_is_checked() => Assert.IsEmpty(Check(new()));

    [TestMethod]
    [DataRow(0.6, true)]
    [DataRow(0.61, false)]
    public void The_share_of_kept_rows_has_a_least_value(double least, bool passed) =>
        Assert.AreEqual(new DataGateResult("minKept", 0.6, least, passed), Check(new() { MinKept = least }).Single());

    [TestMethod]
    [DataRow(0.2, 0.3, true, true)]
    [DataRow(0.25, 0.25, true, true)]
    [DataRow(0.26, 0.3, false, true)]
    [DataRow(-1.0, 0.24, true, false)]
    public void The_token_reduction_has_a_range(double least, double most, bool passedLeast, bool passedMost)
    {
        var results = Check(new() { MinTokenReduction = least, MaxTokenReduction = most });
        Assert.AreSequenceEqual([(0.25, passedLeast), (0.25, passedMost)], results.Select(gate => (gate.Value, gate.Passed)));
    }

    [TestMethod]
    public void Answers_are_compared_with_those_that_the_solutions_state()
    {
        Shard(Row("1/2", @"So it is \boxed{0.5}."), Row("7", @"So it is \boxed{8}."), Row("3", ""), Row(null, "no gold answer"));
        var gate = Check(new() { MinAnswerEquivalence = 0.5 }).Single();
        Assert.AreEqual(1 / 3.0, gate.Value);
        Assert.IsFalse(gate.Passed);
    }

    [TestMethod]
    public void A_column_that_is_not_there_is_named_with_the_gate()
    {
        Shard("{\"id\":\"a\"}");
        var fault = Throws(ErrorCode.MissingColumn, () => Check(new() { MinAnswerEquivalence = 0.5 }));
        Assert.Contains("gates.minAnswerEquivalence", fault.Message);
    }

    private IReadOnlyList<DataGateResult> Check(DataGates gates) => gates.Check(new RunFolder(Folder), new JsonShardFormat(), Totals);

    private static string Row(string? answer, string solution) => JsonSerializer.Serialize(new { answer, solution });

    private void Shard(params string[] rows)
    {
        Directory.CreateDirectory(Path.Combine(Folder, "data"));
        new JsonShardFormat().Write(Load(rows), Path.Combine(Folder, "data", "part-00000.rows"), new Dictionary<string, string>());
    }
}
