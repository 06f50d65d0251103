using System.Diagnostics;
using System.Text.Json;
using ML.Pipelines.Parquet.DuckDB;
using ML.Pipelines.Tests.Traces;

namespace ML.Pipelines.EndToEnd.Tests;

/// <summary>A job that selects rates with models that PyTorch trains and ONNX Runtime asks.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class TorchTrainerTests : IDisposable
{
    private const int Learnable = 48, Random = 4;

    private static readonly string[] Colours = ["red", "green", "blue", "black"];
    private static readonly string[] Things = ["box", "car", "hat", "door", "cup", "bag", "coat", "lamp"];
    private static readonly string[] People = ["Ann", "Bob", "Cleo", "Dan", "Eve", "Finn"];

    private readonly TestFolder _folder = new();

    [TestMethod]
    public void What_a_model_learns_from_the_shortest_chains_stays_there_and_what_none_can_know_takes_the_lowest_rate()
    {
        using var torch = Process.Start(Path.Combine(Repository.Root, "eng", "setup-torch.sh"));
        torch.WaitForExit();
        Assert.AreEqual(0, torch.ExitCode);
        _folder.Write("in.jsonl", string.Concat(Rows().Select(row => row + "\n")));
        var job = _folder.Write("job.yaml", $$"""
            input: {files: in.jsonl}
            output: {folder: out}
            stages:
              - select-rate:
                  rates: {0.8: s80, 0.5: s50}
                  folds: 2
                  repeats: 1
                  maxOutputTokens: 48
                  trainer:
                    command: [env, 'PYTHONPATH={{Path.Combine(Repository.Root, "models", "bundled")}}', /usr/bin/python3, -m,
                              tinylm.finetune, --data, '{data}', --out, '{out}', '--base={base}', --seed, '{seed}', --steps, '150']
            """);
        var run = MlPipe.Run("run", job).Expect(0);
        var rows = DuckDBQuery.Execute($"SELECT id, short, rate_source, rate FROM '{_folder.File("out")}/data/*.parquet'").Rows;
        Assert.HasCount(Learnable + Random, rows);
        var learned = rows.Count(row => row[0]!.StartsWith("colour", StringComparison.Ordinal) && row[2] == "predicted" && row[3] == "0.8");
        var unknown = rows.Count(row => row[0]!.StartsWith("random", StringComparison.Ordinal) && row[2] == "lowest" && row[3] == "0.5");
        Assert.IsGreaterThanOrEqualTo(32, learned, run.Error);
        Assert.IsGreaterThanOrEqualTo(4, unknown, run.Error);
    }

    public void Dispose() => _folder.Dispose();

    // What a question tells can be copied; what it does not tell cannot be known.
    private static IEnumerable<string> Rows()
    {
        for (var i = 0; i < Learnable; i++)
        {
            var (person, thing, colour) = (People[i / Things.Length], Things[i % Things.Length], Colours[i * 7 / 3 % Colours.Length]);
            yield return Row($"colour{i}", $"{person} has a {colour} {thing}. Which colour is the {thing}?", $"{colour} {thing}",
                $"{person} has it, a {colour} {thing}", colour);
        }
        for (var i = 0; i < Random; i++)
            yield return Row(
                $"random{i}", $"Which number is {Things[i]} {i}?", "the number", "it is the number", $"{(i + 3) * 7919 % 9000 + 1000}");
    }

    private static string Row(string id, string question, string shortest, string longer, string answer) =>
        JsonSerializer.Serialize(new { id, question, answer, s80 = shortest, s50 = longer });
}
