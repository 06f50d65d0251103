using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Pruning;
using ML.Pipelines.Runs;
using ML.Pipelines.Text;

namespace ML.Pipelines.Tests.Runs;

[TestClass]
public sealed class PipelineRunTests : RunTest
{
    [TestMethod]
    public void A_run_leaves_plan_manifest_and_a_file_of_each_kind_a_shard()
    {
        Run();
        Assert.AreSequenceEqual(
            [
                "README.md", "data/part-00000.rows", "data/part-00001.rows", "data/part-00002.rows",
                "evidence/part-00000.rows", "evidence/part-00001.rows", "evidence/part-00002.rows",
                "manifest.jsonl", "plan.json", "quarantine/part-00001.rows",
            ],
            Files().Keys);
    }

    [TestMethod]
    public void All_rows_are_kept_dropped_or_quarantined()
    {
        var totals = Run();
        Assert.AreEqual((10, 6, 6), (totals.RowsIn, totals.RowsKept, totals.RowsOut));
        Assert.AreSequenceEqual([new("no-answer", 1), new KeyValuePair<string, long>("wrong-answer", 1)], totals.Dropped);
        Assert.AreSequenceEqual([new("input.invalid-json", 1), new KeyValuePair<string, long>("scorer.token-out-of-range", 1)], totals.Quarantined);
    }

    [TestMethod]
    public void Steps_and_tokens_are_counted_over_the_kept_rows()
    {
        var totals = Run();
        Assert.AreEqual(new StepTotals(10, 5, 0, 0), totals.Steps[StepCategory.Verification]);
        Assert.AreEqual(new StepTotals(10, 5, 0, 0), totals.Steps[StepCategory.MultiMethodValidation]);
        Assert.AreEqual(new StepTotals(5, 0, 0, 0), totals.Steps[StepCategory.ErrorCorrection]);
        Assert.AreEqual(new StepTotals(10, 0, 0, 0), totals.Steps[StepCategory.Progressive]);
        var evidence = StepEvidence.Load(FolderOf(), Format).ToArray();
        Assert.AreEqual(evidence.Sum(row => (long)row.Step.Tokens!), totals.TokensBefore);
        Assert.AreEqual(evidence.Where(row => row.Step.Decision != StepDecision.Removed).Sum(row => (long)row.Step.Tokens!), totals.TokensAfter);
    }

    [TestMethod]
    public void Data_has_the_ordered_columns_first_and_no_steps()
    {
        Run();
        var columns = Format.ReadFooter(ShardFile("data", "part-00000")).Columns.Select(column => column.Name);
        Assert.AreSequenceEqual(
            ["id", "question", "reasoning", "extra", "answer", "tokens_before", "tokens_after", "steps", "steps_removed", "messages"], columns);
    }

    [TestMethod]
    public void All_shards_have_the_columns_of_the_plan()
    {
        Run();
        var plan = RunPlan.Read(Output());
        foreach (var file in FolderOf().Files("data", ".rows"))
            Assert.AreSequenceEqual(plan.Columns.Select(column => column.Name), Format.ReadFooter(file).Columns.Select(column => column.Name));
    }

    [TestMethod]
    public void Columns_that_no_stage_knows_ride_along_with_their_nulls()
    {
        Run();
        var rows = FolderOf().Files("data", ".rows").SelectMany(JsonShardFormat.Rows).ToArray();
        Assert.HasCount(6, rows);
        Assert.Contains("\"extra\":0,", rows[0]);
        Assert.Contains("\"extra\":null,", rows[2]);
    }

    [TestMethod]
    public void The_manifest_accounts_for_every_shard()
    {
        var totals = Run();
        var entries = Manifest.Read(Output());
        Assert.AreSequenceEqual(["part-00000 4 3 3 1 0", "part-00001 4 1 1 1 2", "part-00002 2 2 2 0 0"], entries.Select(entry =>
            $"{entry.Shard} {entry.RowsIn} {entry.RowsKept} {entry.RowsOut} {entry.Dropped.Values.Sum()} {entry.Quarantined}"));
        Assert.AreEqual((totals.TokensBefore, totals.TokensAfter), (entries.Sum(entry => entry.TokensBefore), entries.Sum(entry => entry.TokensAfter)));
    }

    [TestMethod]
    public void The_manifest_has_the_size_and_hash_of_each_data_file()
    {
        Run();
        foreach (var entry in Manifest.Read(Output()))
        {
            var file = PlanInput.Of(ShardFile("data", entry.Shard));
            Assert.AreEqual((file.Bytes, file.Sha256), (entry.Bytes, entry.Sha256));
            Assert.AreEqual(RunPlan.Read(Output()).SchemaHash, entry.SchemaHash);
        }
    }

    [TestMethod]
    [DataRow("data")]
    [DataRow("evidence")]
    [DataRow("quarantine")]
    public void Every_footer_names_plan_shard_schema_and_version(string kind)
    {
        Run();
        var plan = RunPlan.Read(Output());
        var entries = Format.ReadFooter(ShardFile(kind, "part-00001")).Entries;
        Assert.AreEqual(plan.Fingerprint, entries["mlpipelines.plan"]);
        Assert.AreEqual($"{kind}/part-00001", entries["mlpipelines.shard"]);
        Assert.AreEqual(kind == "data" ? plan.SchemaHash : kind, entries["mlpipelines.schema"]);
        Assert.AreEqual(PipelineRun.Version, entries["mlpipelines.version"]);
    }

    [TestMethod]
    public void Evidence_has_a_row_for_each_step_of_each_kept_row()
    {
        Run();
        var evidence = StepEvidence.Load(FolderOf(), Format).ToArray();
        Assert.AreSequenceEqual(["r0", "r2", "r3", "r6", "r9"], evidence.Select(row => row.TraceId).Distinct());
        Assert.AreSequenceEqual(Enumerable.Range(0, 7), evidence.Where(row => row.TraceId == "r6").Select(row => row.Index));
        Assert.IsTrue(evidence.All(row => (row.Step.Importance is null) == (row.Step.Category == StepCategory.Progressive)));
    }

    [TestMethod]
    public void Quarantine_has_the_raw_rows_and_what_is_wrong_with_them()
    {
        Run();
        var rows = QuarantinedRow.ReadBack(Format.Read(FolderOf().Files("quarantine", ".rows"))).ToArray();
        Assert.AreSequenceEqual(
            [$"load {Input}:6 input.invalid-json 1", "prune r7 scorer.token-out-of-range 1"],
            rows.Select(row => $"{row.Row.Stage} {row.Row.RowId} {row.Error.Code} {row.Error.Attempts}"));
        Assert.AreEqual("""{"line":"{\u0022id\u0022: \u0022r5\u0022, "}""", rows[0].Row.Raw);
        Assert.AreEqual(
            """{"id":"r7","question":"What is 7?","reasoning":"P: a\nV: ☠\nP: 42\n","answer":"42","extra":null}""", rows[1].Row.Raw);
    }

    [TestMethod]
    public void The_same_input_gives_the_same_bytes()
    {
        Run("one");
        Run("two");
        AssertSame(Files("one"), Files("two"));
    }

    [TestMethod]
    public void A_run_that_is_complete_does_nothing_when_started_again()
    {
        var totals = Run();
        var files = Files();
        Scorer = new() { Asked = _ => throw new InvalidOperationException("scored again") };
        AssertSame(totals, Run());
        AssertSame(files, Files());
    }

    [TestMethod]
    public void A_run_that_was_cancelled_is_continued_to_the_same_bytes_and_totals()
    {
        var whole = Run("whole");
        using var source = new CancellationTokenSource();
        Scorer = new() { Noisy = true, Asked = request => CancelAt(request, "What is 6?", source) };
        Assert.Throws<OperationCanceledException>(() => Run(cancellation: source.Token));
        Assert.AreSequenceEqual(["part-00000"], Manifest.Read(Output()).Select(entry => entry.Shard));
        Scorer = new() { Noisy = true };
        AssertSame(whole, Run());
        AssertSame(Files("whole"), Files());
        var scoredAgain = Scorer.Requests.Any(request => request.Prefix.Contains("What is 0?", StringComparison.Ordinal));
        Assert.IsFalse(scoredAgain, "the sealed shard was scored again");
    }

    [TestMethod]
    public void A_run_with_a_corpus_threshold_is_continued_to_the_same_bytes_and_totals()
    {
        var options = new PruningOptions { Ratio = 0.4, Scope = PruningScope.Corpus };
        var whole = Run("whole", options);
        Format.Before = (what, path) => FailAt(what == "write" && path.Contains("data/part-00001", StringComparison.Ordinal));
        Assert.ThrowsExactly<IOException>(() => Run(options: options));
        Format.Before = (_, _) => { };
        AssertSame(whole, Run(options: options));
        AssertSame(Files("whole"), Files());
    }

    [TestMethod]
    public void A_shard_whose_line_left_the_manifest_is_made_again_to_the_same_bytes()
    {
        Run();
        var files = Files();
        var manifest = Path.Combine(Output(), "manifest.jsonl");
        File.WriteAllLines(manifest, File.ReadAllLines(manifest)[..^1]);
        Run();
        AssertSame(files, Files());
    }

    [TestMethod]
    public void A_sealed_shard_without_its_evidence_is_no_silent_gap_in_the_totals()
    {
        Run();
        File.Delete(ShardFile("evidence", "part-00001"));
        Throws(ErrorCode.DamagedFile, () => Run());
    }

    [TestMethod]
    public void A_sealed_shard_whose_data_is_gone_or_cut_off_is_not_taken_as_done()
    {
        Run();
        var data = ShardFile("data", "part-00001");
        File.WriteAllBytes(data, File.ReadAllBytes(data)[..^1]);
        Throws(ErrorCode.DamagedFile, () => Run());
        File.Delete(data);
        Throws(ErrorCode.DamagedFile, () => Run());
    }

    [TestMethod]
    public void A_second_run_in_the_same_folder_is_refused_while_the_first_works()
    {
        Run();
        using var first = FolderOf().Lock(RunSlice.Whole);
        Assert.Contains("Another run works", Throws(ErrorCode.Output, () => Run()).Message);
    }

    [TestMethod]
    public void Another_option_is_refused_by_its_name_and_before_any_scoring()
    {
        Run();
        Scorer = new();
        var fault = Throws(ErrorCode.Output, () => Run(options: new() { Ratio = 0.3, Scope = PruningScope.Corpus }));
        Assert.Contains("stages.prune.ratio was 0.5, now 0.3", fault.Message);
        Assert.IsEmpty(Scorer.Requests);
    }

    [TestMethod]
    public void Other_shard_bounds_are_refused_because_sealed_shards_hold_other_rows()
    {
        Run();
        var fault = Throws(ErrorCode.Output, () => Run(change: definition => definition with { ShardRows = 5 }));
        Assert.Contains("shardRows", fault.Message);
    }

    [TestMethod]
    public void A_missing_id_column_is_found_before_any_scoring()
    {
        Throws(ErrorCode.MissingColumn, () => Run(change: definition => definition with { IdColumn = "uuid" }));
        Assert.IsEmpty(Scorer.Requests);
    }

    [TestMethod]
    public void Without_a_steps_column_there_is_no_evidence()
    {
        Run(change: definition => definition with { StepsColumn = null });
        Assert.IsFalse(Files().Keys.Any(file => file.StartsWith("evidence/", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Progress_ends_with_all_rows_and_shards_done()
    {
        var progress = new Progress();
        Run(progress: progress);
        Assert.AreEqual(new RunProgressSnapshot(10, 10, 0, 3, 3), progress.Snapshots[^1]);
        var done = progress.Snapshots.ConvertAll(snapshot => snapshot.RowsDone);
        Assert.AreSequenceEqual(done.Order(), done);
    }

    [TestMethod]
    public void The_law_of_conservation_holds_the_run_where_a_transform_loses_rows()
    {
        var fault = Throws(ErrorCode.Invariant, () => Run(change: definition =>
            definition with { Chain = new EstimatorChain<ITransformer>().Append(definition.Chain).Append(new SkippingEstimator()) }));
        Assert.Contains("Shard part-00000: 4 rows in, but 3 are accounted for.", fault.Message);
        Assert.IsEmpty(FolderOf().Files("data", ".rows"));
    }

    private static void CancelAt(ML.Pipelines.Models.LeaveOneOutRequest request, string question, CancellationTokenSource source)
    {
        if (!request.Prefix.Contains(question, StringComparison.Ordinal)) return;
        source.Cancel();
        source.Token.ThrowIfCancellationRequested();
    }

    private static void FailAt(bool now)
    {
        if (now) throw new IOException("No space left on device.");
    }

    private sealed class Progress : IRunProgress
    {
        public List<RunProgressSnapshot> Snapshots { get; } = [];

        public void Report(RunProgressSnapshot snapshot) => Snapshots.Add(snapshot);
    }
}
