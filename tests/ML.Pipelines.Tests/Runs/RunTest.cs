using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using ML.Pipelines.Data;
using ML.Pipelines.Pruning;
using ML.Pipelines.Runs;
using ML.Pipelines.Runs.Stores;
using ML.Pipelines.Tests.Data;
using ML.Pipelines.Tests.Pruning;

namespace ML.Pipelines.Tests.Runs;

/// <summary>Tests of whole runs over a small input: kept, dropped and quarantined rows in several shards.</summary>
public abstract class RunTest : FileTest
{
    private protected const int ShardRows = 4;

    private protected FakeScorer Scorer { get; set; } = new() { Noisy = true };

    private protected JsonShardFormat Format { get; } = new();

    /// <summary>The files of the input; written once, because plans hold their hashes.</summary>
    private protected string Input => field ??= Write("input.jsonl", string.Concat(InputLines().Select(line => line + "\n")));

    private protected string Output(string name = "out") => Path.Combine(Folder, name);

    /// <summary>A run to its end.</summary>
    private protected RunTotals Run(string output = "out", PruningOptions? options = null, IStepScorer? scorer = null,
        Func<RunDefinition, RunDefinition>? change = null, IRunProgress? progress = null, CancellationToken cancellation = default)
    {
        var run = new PipelineRun(progress, null, cancellation);
        var definition = Define(run, output, options ?? new() { Ratio = 0.5 }, scorer);
        return run.Execute(change?.Invoke(definition) ?? definition);
    }

    private protected RunDefinition Define(PipelineRun run, string output, PruningOptions options, IStepScorer? scorer)
    {
        var sets = ML.TrainingSets(run);
        return new()
        {
            Options = [new("stages.prune.ratio", options.Ratio.ToString(CultureInfo.InvariantCulture)), new("stages.prune.scope", $"{options.Scope}")],
            Source = ML.Data.LoadFromJsonLines(Input, new() { Rejects = run.Rejects }),
            InputFiles = [Input],
            Chain = sets.SegmentSteps("Steps", "reasoning", new Lines()).Append(sets.ClassifySteps("Steps", classifier: new Lines()))
                .Append(sets.PruneByPerplexity("reasoning", "Steps", scorer ?? Journaling(run, options), options))
                .Append(sets.FormatMessages("messages")),
            Models = new Dictionary<string, string> { ["scorer"] = "fake-1" },
            Store = new LocalRunStore(Output(output)),
            Format = Format,
            ShardRows = ShardRows,
            StepsColumn = "Steps",
            ColumnOrder = ["id", "question", "reasoning"],
        };
    }

    private JournalingStepScorer Journaling(PipelineRun run, PruningOptions options) =>
        new(new LanguageStepScorer(Scorer, options.Overflow), run.Journal, Scorer.Info);

    /// <summary>All files of an output folder by name, whole; without those that only unfinished runs need.</summary>
    private protected SortedDictionary<string, string> Files(string output = "out") =>
        new(Directory.GetFiles(Output(output), "*", SearchOption.AllDirectories).Where(file => !file.Contains("/.mlpipe/", StringComparison.Ordinal))
            .ToDictionary(file => Path.GetRelativePath(Output(output), file).Replace('\\', '/'), File.ReadAllText), StringComparer.Ordinal);

    private protected static void AssertSame(SortedDictionary<string, string> expected, SortedDictionary<string, string> actual)
    {
        Assert.AreSequenceEqual(expected.Keys, actual.Keys);
        foreach (var (name, text) in expected) Assert.AreEqual(text, actual[name], name);
    }

    private protected static void AssertSame(RunTotals expected, RunTotals actual) =>
        Assert.AreEqual(JsonSerializer.Serialize(expected), JsonSerializer.Serialize(actual));

    private protected RunFolder FolderOf(string output = "out") => new(Output(output));

    private protected string ShardFile(string kind, string shard, string output = "out") =>
        Path.Combine(Output(output), RunFolder.Name(kind, shard, Format.Extension));

    /// <summary>Ten rows: 1 has no answer, 4 is wrong, 5 is no JSON, 7 has a token out of range, 8 no chain.</summary>
    private static IEnumerable<string> InputLines()
    {
        for (var i = 0; i < 10; i++)
        {
            string[] chain = i switch
            {
                1 => ["P: hm", "V: hm", "P: who knows"],
                4 => ["P: hm", @"P: \boxed{7}"],
                7 => ["P: a", $"V: {FakeScorer.OutOfRange}", "P: 42"],
                8 => [],
                _ => [$"P: let x{i} <2>", $"V: check {i}", $"V: again {i} <-1>", "M: or", $"M: or {i}", "E: oh", "P: 42"],
            };
            yield return i == 5 ? "{\"id\": \"r5\", " : JsonSerializer.Serialize(new
            {
                id = $"r{i}",
                question = $"What is {i}?",
                reasoning = string.Concat(chain.Select(line => line + "\n")),
                answer = i == 1 ? null : "42",
                extra = i % 2 == 0 ? (int?)i : null,
            });
        }
    }
}
