using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Parquet;
using ML.Pipelines.Runs;

namespace ML.Pipelines.EndToEnd.Tests;

/// <summary>
/// Pruning with the bundled model on 1,000 held-out traces of its domain, each step of which is labelled: critical when it alone holds a
/// value that the answer states. One threshold a category for the whole set, so that the ratio holds although each trace is short.
/// </summary>
[TestClass]
[TestCategory("Slow")]
public sealed class LabelledTracesTests
{
    private const string Separator = "\n\n";
    private static readonly string Traces = TestFolder.Data("pruning.jsonl");
    private static TestFolder _folder = null!;
    private static List<Chain> _chains = null!;

    [ClassInitialize]
    public static void RunOnce(TestContext context)
    {
        _folder = new TestFolder();
        var output = _folder.File("out");
        MlPipe.Run(MlPipe.RunArguments(Traces, output, "stages.prune.scope=corpus", "stages.prune.ratio=0.3")).Expect(0);
        var pruned = new MLContext().Data.LoadFromParquet(Path.Combine(output, "data", "*.parquet"));
        var reasoning = pruned.GetColumn<string>("id").Zip(pruned.GetColumn<string>("reasoning")).ToDictionary();
        _chains = [.. File.ReadLines(Traces).Select(line => JsonDocument.Parse(line).RootElement)
            .Select(row => Chain.Of(row, reasoning.GetValueOrDefault(row.GetProperty("id").GetString()!)))];
    }

    [ClassCleanup]
    public static void Clean() => _folder.Dispose();

    [TestMethod]
    public void Every_trace_is_kept_and_three_in_ten_functional_steps_are_removed()
    {
        var entry = Manifest.Read(_folder.File("out")).Single();
        Assert.AreEqual((1000, 1000), (entry.RowsIn, entry.RowsKept));
        var functional = StepEvidence.Load(new RunFolder(_folder.File("out")), new ParquetShardFormat())
            .Where(row => row.Step.Category is Text.StepCategory.Verification or Text.StepCategory.MultiMethodValidation).ToList();
        var removed = functional.Count(row => row.Step.Decision == Pruning.StepDecision.Removed) / (double)functional.Count;
        Assert.IsTrue(removed is > 0.2 and <= 0.3, $"{removed:P1} of the verification and multi-method steps were removed");
    }

    [TestMethod]
    public void In_99_of_100_traces_no_critical_step_is_removed()
    {
        var spared = _chains.Count(chain => chain.Critical.All(chain.Pruned.Contains));
        Console.WriteLine($"no critical step removed in {spared} of {_chains.Count} traces");
        Assert.IsGreaterThanOrEqualTo(0.99, spared / (double)_chains.Count);
    }

    [TestMethod]
    public void The_model_reads_the_answer_off_pruned_chains_as_often_as_off_full_ones()
    {
        var (file, figures) = (_folder.File("chains.jsonl"), _folder.File("figures.json"));
        File.WriteAllLines(file, _chains.Select(chain => JsonSerializer.Serialize(
            new { id = chain.Id, question = chain.Question, full = chain.Full, pruned = chain.Pruned, answer = chain.Answer })));
        MlPipe.Run("model", "eval", "--chains", file, "--json", figures).Expect(0);
        using var document = JsonDocument.Parse(File.ReadAllText(figures));
        var right = document.RootElement.GetProperty("figures").EnumerateArray()
            .Where(figure => figure.GetProperty("group").GetString() is "full" or "pruned")
            .ToDictionary(figure => figure.GetProperty("group").GetString()!, figure => figure.GetProperty("value").GetDouble());
        Console.WriteLine($"the answer is read off {right["full"]:P1} of full and {right["pruned"]:P1} of pruned chains");
        Assert.IsGreaterThanOrEqualTo(right["full"], right["pruned"]);
        Assert.IsGreaterThan(0.8, right["full"]);
    }

    private sealed record Chain(string Id, string Question, string Answer, string[] Full, string[] Pruned, string[] Critical)
    {
        public static Chain Of(JsonElement row, string? pruned)
        {
            var response = row.GetProperty("response").GetString()!;
            var chain = response["<think>\n".Length..response.IndexOf("\n</think>", StringComparison.Ordinal)].Split(Separator);
            var labels = row.GetProperty("labels").EnumerateArray().Select(label => label.GetString()!);
            return new(row.GetProperty("id").GetString()!, row.GetProperty("question").GetString()!, row.GetProperty("answer").GetString()!,
                chain, (pruned ?? "").Trim().Split(Separator),
                [.. chain.Zip(labels).Where(step => step.Second == "critical").Select(step => step.First)]);
        }
    }
}
