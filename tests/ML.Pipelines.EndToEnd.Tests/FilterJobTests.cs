using System.Text.Json;
using ML.Pipelines.Runs;

namespace ML.Pipelines.EndToEnd.Tests;

/// <summary>Jobs that only filter: what is nearly the same, or nearly a benchmark's, does not stay.</summary>
[TestClass]
public sealed class FilterJobTests : IDisposable
{
    private const string Question = "Ann has twelve apples and buys thirty more apples at the market on a Sunday morning. How many apples has she now?";

    private readonly TestFolder _folder = new();

    [TestMethod]
    public void Near_duplicates_and_a_benchmark_s_questions_are_dropped_and_another_benchmark_is_another_run()
    {
        Write("in.jsonl", Question, Question.Replace("Ann", "Ane", StringComparison.Ordinal), "A wholly different question about trains?", "What is 7 times 8, written in words?");
        Write("bench.jsonl", "What is 7 times 8 written in words?");
        var job = _folder.File("job.yaml");
        File.WriteAllText(job, "input: {files: in.jsonl}\noutput: {folder: out, shardRows: 2}\nstages:\n  - adapt\n  - deduplicate\n"
            + "  - decontaminate: {references: bench.jsonl}\n  - format\n");
        MlPipe.Run("run", job).Expect(0);
        var dropped = Manifest.Read(_folder.File("out")).SelectMany(entry => entry.Dropped).ToDictionary(reason => reason.Key, reason => reason.Value);
        Assert.AreSequenceEqual(["contaminated 1", "near-duplicate 1"], dropped.Select(reason => $"{reason.Key} {reason.Value}").Order());
        Write("bench.jsonl", "What is 9 times 9, in words?");
        Assert.Contains("stages.decontaminate.references", MlPipe.Run("run", job).Expect(2).Error);
        File.Delete(_folder.File("bench.jsonl"));
        Assert.Contains("there is no file", MlPipe.Run("run", job).Expect(2).Error);
    }

    public void Dispose() => _folder.Dispose();

    private void Write(string name, params string[] questions) => File.WriteAllLines(_folder.File(name), questions.Select((question, i) =>
        JsonSerializer.Serialize(new { id = $"r{i}", question, reasoning = "We think.", answer = "1" })));
}
