using System.Text.Json;
using ML.Pipelines.Models;
using ML.Pipelines.OnnxRuntime;
using ML.Pipelines.Pruning;
using ML.Pipelines.Text;

namespace ML.Pipelines.EndToEnd.Tests;

[TestClass]
[TestCategory("Slow")]
public sealed class LeaveOneOutTests
{
    private const int StepsATrace = 14;

    [TestMethod]
    public async Task Importance_equals_naive_rescoring_within_a_ten_thousandth_nat_on_200_real_steps()
    {
        using var scorer = OnnxLanguageScorer.CreateBundled();
        var compared = 0;
        foreach (var line in File.ReadLines(TestFolder.Sample("aime24-traces.jsonl")))
        {
            if (compared >= 200) break;
            var request = Request(JsonDocument.Parse(line).RootElement);
            var fast = await scorer.LeaveOneOutAsync(request);
            for (var i = 0; i < request.LeaveOut.Count; i++, compared++)
                Assert.AreEqual(await NaiveAsync(scorer, request, i), StepImportance.Of(fast.Full, fast.Without[i]), 1e-4);
        }
        Assert.IsGreaterThanOrEqualTo(200, compared);
    }

    /// <summary>Both terms by whole passes over texts that really lack the step.</summary>
    private static async Task<double> NaiveAsync(OnnxLanguageScorer scorer, LeaveOneOutRequest request, int leftOut)
    {
        var full = await scorer.LeaveOneOutAsync(request with { LeaveOut = [] });
        var without = await scorer.LeaveOneOutAsync(request with { LeaveOut = [], Segments = [.. request.Segments.Where((_, i) => i != leftOut)] });
        return StepImportance.Of(full.Full, without.Full);
    }

    private static LeaveOneOutRequest Request(JsonElement row)
    {
        var reasoning = row.GetProperty("response").GetString()!;
        var steps = new StepSegmenter().Segment(reasoning).Take(StepsATrace).Select(step => step.In(reasoning).ToString()).ToArray();
        return new()
        {
            Prefix = $"Question: {row.GetProperty("question").GetString()}\n\n",
            Segments = steps,
            Suffix = "\n</think>\n\nFinal answer: ",
            Continuation = row.GetProperty("answer").GetString()!,
            LeaveOut = [.. Enumerable.Range(0, steps.Length)],
        };
    }
}
