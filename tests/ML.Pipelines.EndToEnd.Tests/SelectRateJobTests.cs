using System.Diagnostics;
using System.Text.Json;
using ML.Pipelines.Parquet.DuckDB;

namespace ML.Pipelines.EndToEnd.Tests;

/// <summary>Jobs that select rates with a trainer of shell scripts.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class SelectRateJobTests : IDisposable
{
    /// <summary>Notes that it was called, waits where the test says, and leaves the rows as the model.</summary>
    private const string Train = """
        set -eu
        echo "$3" >>"$4/calls"
        if [ "$(wc -l <"$4/calls")" = 3 ] && [ -p "$4/gate" ]; then echo waiting >"$4/gate"; cat "$4/release" >/dev/null; fi
        cp "$1" "$2/weights"
        """;

    /// <summary>Answers what has the word easy, and what has the word middle with chains of rate 0.5.</summary>
    private const string Predict = """
        set -eu
        while read -r line; do
          id=$(printf '%s' "$line" | sed 's/{"id":"\([^"]*\)".*/\1/')
          text='?'
          case "$line" in
            *easy*) text='Short. The answer is 42' ;;
            *middle*) if grep -q 'half the words' "$2/weights"; then text='The answer is 42.0'; fi ;;
          esac
          printf '{"id": "%s", "text": "%s"}\n' "$id" "$text"
        done <"$1" >"$3"
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TestFolder _folder = new();

    private string Job => _folder.File("job.yaml");

    private int Trainings => File.Exists(_folder.File("calls")) ? File.ReadAllLines(_folder.File("calls")).Length : 0;

    [TestMethod]
    public void Each_row_gets_its_rate_and_neither_validate_nor_plan_nor_a_second_run_trains()
    {
        WriteJob();
        MlPipe.Run("validate", Job).Expect(0);
        var plan = MlPipe.Run("plan", Job).Expect(0);
        Assert.Contains("Trainings:   at most 4", plan.Output);
        Assert.Contains("Nothing is written", plan.Output);
        Assert.AreEqual(0, Trainings);
        Assert.IsFalse(Directory.Exists(_folder.File("out")));

        MlPipe.Run("run", Job).Expect(0);
        Assert.AreEqual(4, Trainings);
        Assert.AreSequenceEqual(
            [
                "easy 1|tenth 1|0.8|predicted", "easy 2|tenth 2|0.8|predicted", "hard 5|half the words 5|0.5|lowest",
                "middle 3|half the words 3|0.5|predicted", "middle 4|half the words 4|0.5|predicted",
            ],
            Selected("out"));

        MlPipe.Run("run", Job).Expect(0);
        Assert.Contains("Learned:     select-rate.short", MlPipe.Run("plan", Job).Expect(0).Output);
        MlPipe.Run("verify", _folder.File("out")).Expect(0);
        Assert.Contains("Nothing to clean.", MlPipe.Run("clean", _folder.File("out"), "--delete").Expect(0).Output);
        Assert.AreEqual(4, Trainings);
        Assert.HasCount(8, Directory.GetDirectories(_folder.File("out/trainings")));
    }

    [TestMethod]
    public async Task A_run_that_is_killed_in_a_training_makes_only_that_one_again()
    {
        WriteJob();
        Pipe("gate");
        Pipe("release");
        using (var run = MlPipe.Start("run", Job))
        {
            await Task.Run(() => File.ReadAllText(_folder.File("gate"))).WaitAsync(Patience);
            run.Kill();
            run.Wait();
        }
        Assert.AreEqual(3, Trainings);
        Assert.IsFalse(File.Exists(_folder.File("out/plan.json")));
        // What the killed run left running goes on beside the next run.
        MlPipe.Run("run", Job).Expect(0);
        Assert.AreEqual(5, Trainings);
        await Task.Run(() => File.WriteAllText(_folder.File("release"), "go")).WaitAsync(Patience);
        var trainings = $"stages.select-rate.trainer.out={_folder.File("out/trainings")}";
        MlPipe.Run("run", Job, "--output", _folder.File("other"), "--set", trainings).Expect(0);
        Assert.AreEqual(5, Trainings);
        Assert.AreSequenceEqual(Selected("other"), Selected("out"));
    }

    [TestMethod]
    public async Task A_run_that_is_told_to_stop_ends_its_training_with_work_left()
    {
        WriteJob();
        Pipe("gate");
        Pipe("release");
        using var run = MlPipe.Start("run", Job);
        await Task.Run(() => File.ReadAllText(_folder.File("gate"))).WaitAsync(Patience);
        run.Terminate();
        run.Wait().Expect(75);
        Assert.HasCount(2, Directory.GetDirectories(_folder.File("out/trainings"), "model", SearchOption.AllDirectories));
    }

    [TestMethod]
    public void A_place_for_trainings_that_the_run_would_refuse_is_refused_before_the_first()
    {
        WriteJob();
        foreach (var option in new[] { "out", "data" })
        {
            var run = MlPipe.Run("run", Job, "--set", $"stages.select-rate.trainer.{option}={_folder.File("out/models")}").Expect(2);
            Assert.Contains($"stages.select-rate.trainer.{option}: ", run.Error);
            Assert.Contains("which is the run's alone", run.Error);
        }
        Assert.AreEqual(0, Trainings);
    }

    [TestMethod]
    public void A_trainer_that_fails_ends_the_run_with_its_output_and_the_option()
    {
        WriteJob();
        _folder.Write("train.sh", "echo no memory left; exit 9");
        var run = MlPipe.Run("run", Job).Expect(2);
        Assert.Contains("error training.failed: stages.select-rate.trainer.command:", run.Error);
        Assert.Contains("no memory left", run.Error);
        Assert.Contains("exit code 9", run.Error);
    }

    [TestMethod]
    public void Another_command_is_another_run_and_an_output_in_a_container_needs_a_local_folder()
    {
        WriteJob();
        MlPipe.Run("run", Job).Expect(0);
        var changed = MlPipe.Run("run", Job, "--set", "stages.select-rate.trainer.base=b").Expect(2);
        Assert.Contains("stages.select-rate.trainer.base was , now b", changed.Error);
        string[] validate = ["validate", Job, "--output", "azure://account/container/run"];
        Assert.Contains("stages.select-rate.trainer.out: missing", MlPipe.Run(validate).Expect(2).Error);
        MlPipe.Run([.. validate, "--set", "stages.select-rate.trainer.out=kept"]).Expect(0);
    }

    public void Dispose() => _folder.Dispose();

    private void WriteJob()
    {
        string[] questions = ["easy 1", "easy 2", "middle 3", "middle 4", "hard 5"];
        _folder.Write("in.jsonl", string.Concat(questions.Select((question, i) => JsonSerializer.Serialize(new
        {
            id = $"r{i}",
            question,
            answer = "42",
            s80 = $"tenth {question[^1]}",
            s50 = $"half the words {question[^1]}",
        }) + "\n")));
        var (train, predict) = (_folder.Write("train.sh", Train), _folder.Write("predict.sh", Predict));
        _folder.Write("job.yaml", $$"""
            input: {files: in.jsonl}
            output: {folder: out, shardRows: 2}
            stages:
              - select-rate:
                  rates: {0.5: s50, 0.8: s80}
                  folds: 2
                  repeats: 1
                  trainer:
                    command: [sh, '{{train}}', '{data}', '{out}', '{base} {seed}', '{{_folder.Path}}']
                    predict: [sh, '{{predict}}', '{data}', '{model}', '{out}']
            """);
    }

    private string[] Selected(string output)
    {
        var rows = DuckDBQuery.Execute($"SELECT question, short, rate, rate_source FROM '{_folder.File(output)}/data/*.parquet'").Rows;
        return [.. rows.Select(row => string.Join('|', row)).Order(StringComparer.Ordinal)];
    }

    private void Pipe(string name)
    {
        using var made = Process.Start("mkfifo", [_folder.File(name)]);
        made.WaitForExit();
        Assert.AreEqual(0, made.ExitCode);
    }
}
