using System.Text.Json;
using ML.Pipelines.Models;
using ML.Pipelines.Text;

namespace ML.Pipelines.Bench;

/// <summary>A reasoning trace as a leave-one-out request.</summary>
internal sealed record ReasoningTrace(string Id, LeaveOneOutRequest Request)
{
    private static readonly StepSegmenter Segmenter = new();
    private static readonly MarkerStepClassifier Classifier = new();

    public static List<ReasoningTrace> Read(string path) =>
        [.. File.ReadLines(path).Where(line => line.Length > 0).Select(line => Parse(JsonDocument.Parse(line).RootElement))];

    /// <summary>The same trace with at most a share of its steps left out, spread evenly; never fewer than one.</summary>
    public ReasoningTrace Sample(double share)
    {
        var all = Request.LeaveOut;
        var count = Math.Clamp((int)Math.Round(all.Count * share), Math.Min(1, all.Count), all.Count);
        int[] spread = [.. Enumerable.Range(0, count).Select(i => all[(int)((i + 0.5) * all.Count / count)])];
        return this with { Request = Request with { LeaveOut = spread } };
    }

    // The functional steps but the last, as PIR scores them.
    private static ReasoningTrace Parse(JsonElement row)
    {
        var reasoning = Reasoning(row.GetProperty("response").GetString()!);
        var steps = Segmenter.Segment(reasoning);
        return new(row.GetProperty("id").GetString()!, new()
        {
            Prefix = $"Question: {row.GetProperty("question").GetString()}\n\n<think>\n",
            Segments = [.. steps.Select(step => step.In(reasoning).ToString())],
            Suffix = "\n</think>\n\nFinal answer: ",
            Continuation = row.GetProperty("answer").ToString(),
            LeaveOut = [.. Enumerable.Range(0, steps.Count - 1).Where(i => Classifier.Classify(reasoning, steps[i]).Category != StepCategory.Progressive)],
        });
    }

    private static string Reasoning(string response)
    {
        const string Open = "<think>", Close = "</think>";
        var start = response.IndexOf(Open, StringComparison.Ordinal);
        var text = start < 0 ? response : response[(start + Open.Length)..];
        var end = text.IndexOf(Close, StringComparison.Ordinal);
        return (end < 0 ? text : text[..end]).Trim();
    }
}
