using ML.Pipelines.Runs;
using ML.Pipelines.Text;

namespace ML.Pipelines.Tests.Runs;

[TestClass]
public class RunTotalsTests
{
    private static readonly RunTotals One = new()
    {
        RowsIn = 10,
        RowsKept = 6,
        RowsOut = 8,
        Dropped = new Dictionary<string, long> { ["wrong-answer"] = 1, ["cut-off"] = 1 },
        Quarantined = new Dictionary<string, long> { ["a"] = 2 },
        TokensBefore = 100,
        TokensAfter = 70,
        Steps = new Dictionary<StepCategory, StepTotals> { [StepCategory.Verification] = new(5, 2, 1, 1) },
    };

    [TestMethod]
    public void Numbers_add_up()
    {
        var sum = One.Add(One);
        Assert.AreEqual((20, 12, 16, 200, 140), (sum.RowsIn, sum.RowsKept, sum.RowsOut, sum.TokensBefore, sum.TokensAfter));
    }

    [TestMethod]
    public void Counts_by_name_are_merged_in_the_order_of_names()
    {
        var sum = One.Add(new() { Dropped = new Dictionary<string, long> { ["no-answer"] = 4, ["cut-off"] = 2 } });
        Assert.AreSequenceEqual([new("cut-off", 3), new("no-answer", 4), new KeyValuePair<string, long>("wrong-answer", 1)], sum.Dropped);
    }

    [TestMethod]
    public void Steps_are_merged_by_category()
    {
        var sum = One.Add(new()
        {
            Steps = new Dictionary<StepCategory, StepTotals>
            {
                [StepCategory.Verification] = new(1, 1, 0, 0),
                [StepCategory.Progressive] = new(7, 0, 0, 0),
            },
        });
        Assert.AreEqual(new StepTotals(6, 3, 1, 1), sum.Steps[StepCategory.Verification]);
        Assert.AreEqual(new StepTotals(7, 0, 0, 0), sum.Steps[StepCategory.Progressive]);
    }

    [TestMethod]
    public void Nothing_added_changes_nothing()
    {
        var sum = One.Add(RunTotals.Zero);
        Assert.AreSequenceEqual(One.Dropped.OrderBy(entry => entry.Key), sum.Dropped);
        Assert.AreSequenceEqual(One.Steps, sum.Steps);
        Assert.AreEqual(One.RowsIn, sum.RowsIn);
    }
}
