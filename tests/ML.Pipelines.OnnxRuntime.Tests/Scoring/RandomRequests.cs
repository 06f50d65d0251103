using ML.Pipelines.Models;

namespace ML.Pipelines.OnnxRuntime.Tests.Scoring;

/// <summary>Requests of random words.</summary>
internal static class RandomRequests
{
    private static readonly string[] Words = ["the", " 12", " total", "=", " 7", "\n\n", " Wait,", " x", "\\frac", " 数", "😀", " is", ".",
        " beads", "+", " 305"];

    public static LeaveOneOutRequest Create(int seed, int segments = 6, int wordsPerSegment = 20)
    {
        var random = new Random(seed);
        return new()
        {
            Prefix = random.Next(4) == 0 ? "" : "Question: " + Text(random, 15) + "\n\n<think>\n",
            Segments = [.. Enumerable.Range(0, segments).Select(_ => Text(random, random.Next(wordsPerSegment)))],
            Suffix = random.Next(4) == 0 ? "" : "\n</think>\n\nFinal answer: ",
            Continuation = "42" + Text(random, random.Next(4)),
            LeaveOut = [.. Enumerable.Range(0, segments).Where(_ => random.Next(4) > 0)],
        };
    }

    private static string Text(Random random, int words) =>
        string.Concat(Enumerable.Range(0, words).Select(_ => Words[random.Next(Words.Length)]));
}
