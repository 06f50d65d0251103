using System.Text.Json;
using ML.Pipelines.Compression;
using ML.Pipelines.Data;
using ML.Pipelines.Runs;
using ML.Pipelines.Runs.Stores;
using ML.Pipelines.Tests.Data;
using ML.Pipelines.Tests.Runs;
using ML.Pipelines.Tests.Training;

namespace ML.Pipelines.Tests.Compression;

/// <summary>Rate selection as an estimator, alone and in a run.</summary>
[TestClass]
public sealed class RateSelectionRunTests : FileTest
{
    private const int Rows = 6;

    private static readonly RateSelectionOptions Options = new() { Rates = [new(.5, "s50"), new(.8, "s80")], Folds = 2, Repeats = 1 };

    private StubTrainer _stub = new((_, question) => question is "q0" or "q1");

    [TestMethod]
    public void Each_row_gets_the_chain_of_its_rate_and_how_it_came_to_it()
    {
        var data = Load([.. Lines(), """{"id": "none", "question": "q", "answer": "42", "s80": " ", "s50": null}"""]);
        var selected = ML.TrainingSets().SelectCompressionRate("short", _stub, _stub, Options).Fit(data).Transform(data);
        var rows = RowText.Of(selected, "id", "short", "rate", "rate_source", "rate_correct", "rate_predictions");
        Assert.AreSequenceEqual(
            [
                "'r0', '0.8 a 0', 0.8, 'predicted', 1, 1", "'r1', '0.8 a 1', 0.8, 'predicted', 1, 1",
                "'r2', '0.5 b 2', 0.5, 'lowest', 0, 1",
                "'r3', '0.5 b 3', 0.5, 'lowest', 0, 1", "'r4', '0.5 b 4', 0.5, 'lowest', 0, 1", "'r5', '0.5 b 5', 0.5, 'lowest', 0, 1",
                "'none', null, null, 'none', 0, 0",
            ], rows);
    }

    [TestMethod]
    public void A_row_that_fit_did_not_see_takes_its_lowest_rate_unchecked()
    {
        var fitted = ML.TrainingSets().SelectCompressionRate("short", _stub, _stub, Options).Fit(Load([.. Lines()]));
        var other = fitted.Transform(Load("""{"id": "x", "question": "other", "answer": "1", "s80": "a", "s50": "b"}"""));
        Assert.AreSequenceEqual(["'b', 'unchecked'"], RowText.Of(other, "short", "rate_source"));
    }

    [TestMethod]
    public void A_missing_column_is_told_before_anything_is_trained()
    {
        var fault = Throws(ErrorCode.MissingColumn, () => ML.TrainingSets().SelectCompressionRate("short", _stub, _stub, Options)
            .Fit(Load("""{"id": "x", "question": "q", "answer": "1", "s80": "a"}""")));
        Assert.Contains("'s50' (rates)", fault.Message);
        Assert.IsEmpty(_stub.Trainings);
    }

    [TestMethod]
    public void The_decisions_are_in_the_plan_so_a_run_that_goes_on_and_its_slices_train_nothing()
    {
        var whole = Execute("out", RunSlice.Whole);
        Assert.HasCount(4, _stub.Trainings);
        _stub = new StubTrainer((_, _) => throw new InvalidOperationException("trained again"));
        Assert.AreEqual(JsonSerializer.Serialize(whole), JsonSerializer.Serialize(Execute("out", RunSlice.Whole)));
        Assert.HasCount(Rows, RunPlan.Read(Path.Combine(Folder, "out")).Fitted.Single().Value.EnumerateObject());
    }

    [TestMethod]
    public void Slices_give_the_files_of_a_whole_run_with_the_trainings_of_one()
    {
        Execute("whole", RunSlice.Whole);
        _stub = new((_, question) => question is "q0" or "q1");
        for (var slice = 1; slice <= 3; slice++) Execute("sliced", new RunSlice(slice, 3));
        Assert.HasCount(4, _stub.Trainings);
        foreach (var file in Directory.GetFiles(Path.Combine(Folder, "whole", "data")))
            Assert.AreEqual(File.ReadAllText(file), File.ReadAllText(Path.Combine(Folder, "sliced", "data", Path.GetFileName(file))));
    }

    [TestMethod]
    public void Progress_counts_the_rows_that_are_decided()
    {
        var progress = new Learning();
        Execute("out", RunSlice.Whole, progress);
        Assert.AreSequenceEqual([1, 2, 3, 4, 5, 6], progress.Rows);
    }

    [TestMethod]
    public void A_plan_trains_nothing_writes_nothing_and_tells_the_most_trainings()
    {
        var run = new PipelineRun();
        var plan = run.Plan(Define(run, "out", RunSlice.Whole) with { Measure = _ => new Dictionary<string, ModelUsage>() });
        Assert.IsEmpty(_stub.Trainings);
        Assert.AreEqual(4, plan.Estimate!.MostTrainings);
        Assert.Contains("rate_source", plan.Columns.Select(column => column.Name));
        Assert.IsFalse(Directory.Exists(Path.Combine(Folder, "out")));
    }

    [TestMethod]
    public void A_plan_that_a_run_has_fixed_is_told_as_it_is()
    {
        Execute("out", RunSlice.Whole);
        var run = new PipelineRun();
        Assert.HasCount(1, run.Plan(Define(run, "out", RunSlice.Whole)).Fitted);
        Assert.HasCount(4, _stub.Trainings);
    }

    [TestMethod]
    public void A_stop_between_trainings_ends_the_run_and_writes_no_plan()
    {
        using var stop = new CancellationTokenSource();
        _stub = new((_, _) => false) { Starting = number => { if (number == 1) stop.Cancel(); } };
        var run = new PipelineRun(null, null, stop.Token);
        Assert.Throws<OperationCanceledException>(() => run.Execute(Define(run, "out", RunSlice.Whole)));
        Assert.HasCount(2, _stub.Trainings);
        Assert.IsFalse(File.Exists(Path.Combine(Folder, "out", RunPlan.FileName)));
    }

    [TestMethod]
    public void The_folder_of_trainings_is_no_part_of_the_run_s_files_and_is_neither_swept_nor_in_the_way()
    {
        var kept = Write("out/trainings/train-x/model/weights.tmp", "w");
        Execute("out", RunSlice.Whole);
        Assert.IsTrue(File.Exists(kept));
        var folder = new RunFolder(Path.Combine(Folder, "out"));
        Assert.IsEmpty(RunOrphans.Find(folder, delete: true));
        Assert.IsEmpty(RunVerification.Check(folder, new JsonShardFormat(), hasEvidence: false));
        Assert.IsTrue(File.Exists(kept));
    }

    private RunTotals Execute(string output, RunSlice slice, IRunProgress? progress = null)
    {
        var run = new PipelineRun(progress);
        return run.Execute(Define(run, output, slice));
    }

    private RunDefinition Define(PipelineRun run, string output, RunSlice slice)
    {
        var input = Path.Combine(Folder, "input.jsonl");
        if (!File.Exists(input)) File.WriteAllLines(input, Lines());
        return new()
        {
            Options = [new("stages.select-rate.folds", "2")],
            Source = ML.Data.LoadFromJsonLines(input, new() { Rejects = run.Rejects }),
            InputFiles = [input],
            Chain = new Microsoft.ML.Data.EstimatorChain<Microsoft.ML.ITransformer>()
                .Append(ML.TrainingSets(run).SelectCompressionRate("short", _stub, _stub, Options)),
            Models = new Dictionary<string, string>(),
            Store = new LocalRunStore(Path.Combine(Folder, output)),
            Format = new JsonShardFormat(),
            ShardRows = 2,
            Slice = slice,
            MostTrainings = Options.MostTrainings,
        };
    }

    private static IEnumerable<string> Lines() => Enumerable.Range(0, Rows).Select(i => JsonSerializer.Serialize(
        new { id = $"r{i}", question = $"q{i}", answer = StubTrainer.Answer, s80 = $"0.8 a {i}", s50 = $"0.5 b {i}" }));

    private sealed class Learning : IRunProgress
    {
        public List<long> Rows { get; } = [];

        public void Report(RunProgressSnapshot snapshot)
        {
            if (snapshot.Learning) Rows.Add(snapshot.RowsDone);
        }
    }
}
