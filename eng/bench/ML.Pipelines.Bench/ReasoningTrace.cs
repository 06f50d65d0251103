using System.Text.Json;
using ML.Pipelines.Models;

namespace ML.Pipelines.Bench;

/// <summary>A reasoning trace as a leave-one-out request.</summary>
internal sealed record ReasoningTrace(string Id, LeaveOneOutRequest Request)
{
    private const int ShortestStep = 220;

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

    private static ReasoningTrace Parse(JsonElement row)
    {
        var steps = SplitSteps(Reasoning(row.GetProperty("response").GetString()!));
        return new(row.GetProperty("id").GetString()!, new()
        {
            Prefix = $"Question: {row.GetProperty("question").GetString()}\n\n<think>\n",
            Segments = steps,
            Suffix = "\n</think>\n\nFinal answer: ",
            Continuation = row.GetProperty("answer").ToString(),
            LeaveOut = [.. Enumerable.Range(0, Math.Max(steps.Count - 1, 0))],
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

    /// <summary>The steps of a chain of thought, whose concatenation is the chain: paragraphs, merged to at least 220 characters.</summary>
    private static List<string> SplitSteps(string reasoning)
    {
        const string BlankLine = "\n\n";
        var steps = new List<string>();
        int start = 0, cut = 0;
        while ((cut = reasoning.IndexOf(BlankLine, cut, StringComparison.Ordinal)) >= 0)
        {
            cut += BlankLine.Length;
            if (cut - start < ShortestStep)
                continue;
            steps.Add(reasoning[start..cut]);
            start = cut;
        }
        if (start < reasoning.Length)
            steps.Add(reasoning[start..]);
        return steps;
    }
}
