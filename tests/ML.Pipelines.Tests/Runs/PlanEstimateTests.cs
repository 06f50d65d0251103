using ML.Pipelines.Data;
using ML.Pipelines.Pruning;
using ML.Pipelines.Runs;
using ML.Pipelines.Tests.Pruning;

namespace ML.Pipelines.Tests.Runs;

/// <summary>What a plan says that a run will ask of its models.</summary>
[TestClass]
public sealed class PlanEstimateTests : RunTest
{
    [TestMethod]
    public void Of_all_rows_it_counts_the_calls_and_tokens_that_the_run_then_makes()
    {
        var scorer = new CountingScorer(Scorer);
        var totals = Run(scorer: null, change: definition => definition with { Measure = rows => Measure(scorer, rows) });
        var estimate = RunPlan.Read(Output()).Estimate!;
        Assert.AreEqual(10, estimate.SampledRows);
        Assert.AreEqual(totals.Usage["scorer"].Calls, estimate.Models["scorer"].Calls);
        var read = Scorer.Requests.Sum(CountingScorer.TokensOf);
        Assert.IsGreaterThan(0, read);
        Assert.AreEqual(read, estimate.Models["scorer"].InputTokens);
        Assert.IsFalse(scorer.WasAsked);
    }

    [TestMethod]
    public void A_plan_is_estimated_once_and_a_resume_keeps_its_estimate()
    {
        Run(change: definition => definition with { Measure = _ => new Dictionary<string, ModelUsage> { ["scorer"] = new(7, 70, 700) } });
        Run(change: definition => definition with { Measure = _ => throw new InvalidOperationException("estimated again") });
        Assert.AreEqual(new ModelUsage(7, 70, 700), RunPlan.Read(Output()).Estimate!.Models["scorer"]);
    }

    [TestMethod]
    public void Of_many_rows_a_sample_spread_over_all_of_them_is_projected()
    {
        var path = Write("many.jsonl", string.Concat(Enumerable.Range(0, 1000).Select(i => $"{{\"id\": {i}}}\n")));
        var seen = new List<long>();
        var estimate = PlanEstimate.Of(ML.Data.LoadFromJsonLines(path), rows =>
        {
            seen.Add(rows.FirstRow);
            return new Dictionary<string, ModelUsage> { ["teacher"] = new(rows.SourceRowCount, 10 * rows.SourceRowCount, 3) };
        });
        Assert.AreEqual(64, estimate.SampledRows);
        Assert.AreEqual(new ModelUsage(1000, 10_000, 750), estimate.Models["teacher"]);
        Assert.AreEqual((0L, 937L), (seen[0], seen[^1]));
    }

    [TestMethod]
    public void A_row_that_a_model_cannot_read_is_no_call()
    {
        var used = new List<ModelUsage>();
        var scorer = new EstimatingStepScorer(Scorer, used.Add);
        var scores = scorer.ScoreAsync(new("r", "", FakeScorer.OutOfRange, [new(0, 1)], 1, "", "42", [0]), default).AsTask().Result;
        Assert.AreEqual(ErrorCode.TokenOutOfRange, scores.Error!.Code);
        Assert.IsEmpty(used);
    }

    private Dictionary<string, ModelUsage> Measure(CountingScorer scorer, RecordDataView rows)
    {
        var sum = ModelUsage.Zero;
        var run = new PipelineRun();
        var chain = Define(run, "unused", new() { Ratio = 0.5 }, new EstimatingStepScorer(scorer, used => sum = sum.Add(used))).Chain;
        var view = chain.Fit(rows).Transform(rows);
        using var cursor = view.GetRowCursor(view.Schema);
        while (cursor.MoveNext()) { }
        return new() { ["scorer"] = sum };
    }
}
