using ML.Pipelines.Data;
using ML.Pipelines.Pruning;
using ML.Pipelines.Runs;
using ML.Pipelines.Tests.Data;
using ML.Pipelines.Text;

namespace ML.Pipelines.Tests.Runs;

[TestClass]
public sealed class StepEvidenceTests : FileTest
{
    private static readonly StepEvidence[] Rows =
    [
        new("a", 0, new ReasoningStep(0, 5) { Category = StepCategory.Progressive, Tokens = 3, Decision = StepDecision.Kept }),
        new("a", 1, new ReasoningStep(5, 9)
        {
            Category = StepCategory.ErrorCorrection,
            Marker = "I made a \"mistake\"",
            Tokens = 0,
            Importance = -1.0 / 3,
            Rank = 1,
            Threshold = 1e-17,
            Decision = StepDecision.Guarded,
            Note = "last-step",
        }),
        new("", 0, new ReasoningStep(0, 1) { Category = StepCategory.Verification, Tokens = 1, Importance = 0, Rank = 2, Decision = StepDecision.Removed }),
    ];

    [TestMethod]
    public void Evidence_reads_back_to_the_last_bit()
    {
        var path = Path.Combine(Folder, "a.rows");
        new JsonShardFormat().Write(StepEvidence.ToDataView(Rows), path, new Dictionary<string, string>());
        Assert.AreSequenceEqual(Rows, StepEvidence.ReadBack(new JsonShardFormat().Read([path])));
    }

    [TestMethod]
    public void No_evidence_reads_back_as_none()
    {
        var path = Path.Combine(Folder, "a.rows");
        new JsonShardFormat().Write(StepEvidence.ToDataView([]), path, new Dictionary<string, string>());
        Assert.IsEmpty(StepEvidence.ReadBack(new JsonShardFormat().Read([path])));
    }

    [TestMethod]
    public void The_columns_are_those_of_the_contract()
    {
        var view = StepEvidence.ToDataView(Rows);
        Assert.AreSequenceEqual(
            ["trace_id", "step", "start", "end", "category", "marker", "tokens", "importance", "rank", "threshold", "decision", "note"],
            view.Schema.Where(column => !Nulls.IsCompanion(column)).Select(column => column.Name));
        Assert.AreEqual("'a', 0, 0, 5, 'progressive', null, 3, null, null, null, 'kept', null", RowText.Of(view)[0]);
    }
}
