using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Parquet;
using ML.Pipelines.Parquet.DuckDB;
using ML.Pipelines.Runs;

namespace ML.Pipelines.EndToEnd.Tests;

/// <summary>The main job on real traces, run once, looked at from outside.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class MainJobTests
{
    private static TestFolder _folder = null!;
    private static MlPipe.Result _result = null!;

    private static string Out => _folder.File("out");

    [ClassInitialize]
    public static void RunOnce(TestContext context)
    {
        _folder = new TestFolder();
        _result = MlPipe.Run(MlPipe.RunArguments(TestFolder.Sample("aime24-short.jsonl"), Out, "output.shardRows=1"));
    }

    [ClassCleanup]
    public static void Clean() => _folder.Dispose();

    [TestMethod]
    public void It_ends_with_a_table_of_what_became_of_the_rows_and_where_the_shards_are()
    {
        _result.Expect(0);
        foreach (var text in new[] { "cut-off", "verification", "multi-method-validation", "error-correction", Path.Combine(Out, "data") })
            StringAssert.Contains(_result.Output.ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal), text.Replace(" ", "", StringComparison.Ordinal));
    }

    [TestMethod]
    public void Every_shard_accounts_for_every_row()
    {
        var entries = Manifest.Read(Out);
        Assert.HasCount(5, entries);
        foreach (var entry in entries) Assert.AreEqual(entry.RowsIn, entry.RowsKept + entry.Dropped.Values.Sum() + entry.Quarantined);
        Assert.AreEqual(5, entries.Sum(entry => entry.RowsIn));
    }

    [TestMethod]
    public void Steps_were_removed_and_tokens_saved()
    {
        var entries = Manifest.Read(Out);
        Assert.IsGreaterThan(0, entries.Sum(entry => entry.TokensAfter));
        Assert.IsLessThan(entries.Sum(entry => entry.TokensBefore), entries.Sum(entry => entry.TokensAfter));
    }

    [TestMethod]
    public void DuckDB_reads_every_shard_with_the_counts_of_the_manifest_and_the_columns_of_the_plan()
    {
        var plan = RunPlan.Read(Out);
        foreach (var entry in Manifest.Read(Out))
        {
            var file = Path.Combine(Out, "data", entry.Shard + ".parquet");
            Assert.AreEqual($"{entry.RowsOut}", Query($"SELECT count(*) FROM '{file}'").Single());
            Assert.AreEqual($"{entry.TokensAfter}", Query($"SELECT coalesce(sum(tokens_after), 0) FROM '{file}'").Single());
            var columns = Query($"SELECT column_name || ' ' || column_type FROM (DESCRIBE SELECT * FROM '{file}')");
            CollectionAssert.AreEqual(plan.Columns.Select(column => $"{column.Name} {DuckDBType(column.Type)}").ToArray(), columns);
            var evidence = Path.Combine(Out, "evidence", entry.Shard + ".parquet");
            Assert.AreEqual(Query($"SELECT coalesce(sum(steps), 0) FROM '{file}'").Single(), Query($"SELECT count(*) FROM '{evidence}'").Single());
        }
    }

    [TestMethod]
    public void The_data_shards_have_the_columns_of_their_contract_first_and_in_order()
    {
        var contract = Traces.DataSchemas.Get("pir").Columns.Select(column => column.Name).ToArray();
        CollectionAssert.AreEqual(contract, RunPlan.Read(Out).Columns.Select(column => column.Name).Take(contract.Length).ToArray());
    }

    [TestMethod]
    public void Kept_text_is_made_of_spans_of_the_input()
    {
        var inputs = File.ReadLines(TestFolder.Sample("aime24-short.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)
            .ToDictionary(row => row.GetProperty("id").GetString()!, row => row.GetProperty("response").GetString()!);
        var evidence = StepEvidence.Load(new RunFolder(Out), new ParquetShardFormat()).ToLookup(row => row.TraceId);
        foreach (var (id, reasoning) in Pruned())
        {
            var source = inputs[id]["<think>\n".Length..];
            var kept = string.Concat(evidence[id].Where(row => row.Step.Decision != Pruning.StepDecision.Removed).Select(row => source[row.Step.Start..row.Step.End]));
            Assert.AreEqual(kept, reasoning);
        }
    }

    [TestMethod]
    public void Messages_are_a_list_of_role_and_content_for_any_reader()
    {
        var roles = Query($"SELECT DISTINCT list_aggregate([message.role FOR message IN messages], 'string_agg', ' ') FROM '{Out}/data/*.parquet'");
        Assert.AreEqual("user assistant", roles.Single());
    }

    [TestMethod]
    public void The_plan_estimated_the_calls_and_tokens_that_the_run_then_took()
    {
        var used = Manifest.Read(Out).Where(entry => entry.Usage is not null).Select(entry => entry.Usage!["scorer"]).Aggregate((sum, usage) => sum.Add(usage));
        Assert.AreEqual(used, RunPlan.Read(Out).Estimate!.Models["scorer"]);
    }

    [TestMethod]
    public void Pruning_again_from_the_evidence_equals_a_fresh_run_byte_for_byte()
    {
        using var folder = new TestFolder();
        MlPipe.Run(MlPipe.RunArguments(TestFolder.Sample("aime24-short.jsonl"), folder.File("fresh"), "output.shardRows=1", "stages.prune.ratio=0.6")).Expect(0);
        MlPipe.Run("rethreshold", Out, "--ratio", "0.6", "--output", folder.File("again")).Expect(0);
        // No model is asked, so manifest and data card have no usage.
        var entries = Manifest.Read(folder.File("again"));
        Assert.IsTrue(entries.All(entry => entry.Usage is null));
        Assert.AreSequenceEqual(Manifest.Read(folder.File("fresh")).Select(entry => entry.Sha256), entries.Select(entry => entry.Sha256));
        foreach (var kind in (string[])["data", "evidence"])
            TestFolder.AssertSame(Path.Combine(folder.File("fresh"), kind), Path.Combine(folder.File("again"), kind));
    }

    [TestMethod]
    public void Pruning_again_is_refused_when_the_input_or_the_scoring_changed()
    {
        using var folder = new TestFolder();
        var input = folder.File("traces.jsonl");
        File.Copy(TestFolder.Data("gsm8k.jsonl"), input);
        MlPipe.Run(MlPipe.RunArguments(input, folder.File("out"), "stages.prune.method=spirit")).Expect(0);
        StringAssert.Contains(MlPipe.Run("rethreshold", folder.File("out"), "--ratio", "0.5", "--output", folder.File("again"), "--set", "stages.prune.method=pir").Expect(2).Error, "stages.prune.method");
        File.AppendAllText(input, File.ReadLines(input).First() + "\n");
        StringAssert.Contains(MlPipe.Run("rethreshold", folder.File("out"), "--ratio", "0.5", "--output", folder.File("again")).Expect(2).Error, ErrorCode.EvidenceMismatch);
    }

    [TestMethod]
    public void Show_prints_a_trace_with_its_removed_steps()
    {
        var shown = MlPipe.Run("show", Out, "--id", "aime24-67-4096", "--plain").Expect(0).Output;
        StringAssert.Contains(shown, "[-");
        StringAssert.Contains(shown, "verification");
    }

    [TestMethod]
    public void Another_option_in_the_same_folder_is_refused_by_name()
    {
        var refused = MlPipe.Run(MlPipe.RunArguments(TestFolder.Sample("aime24-short.jsonl"), Out, "output.shardRows=1", "stages.prune.ratio=0.5")).Expect(2);
        StringAssert.Contains(refused.Error, "stages.prune.ratio was 0.3, now 0.5");
    }

    [TestMethod]
    public void The_same_command_again_changes_nothing()
    {
        var before = TestFolder.Files(Out);
        MlPipe.Run(MlPipe.RunArguments(TestFolder.Sample("aime24-short.jsonl"), Out, "output.shardRows=1")).Expect(0);
        foreach (var (name, bytes) in TestFolder.Files(Out)) CollectionAssert.AreEqual(before[name], bytes);
    }

    [TestMethod]
    public void A_killed_run_goes_on_and_ends_with_the_same_bytes()
    {
        using var folder = new TestFolder();
        var arguments = MlPipe.RunArguments(TestFolder.Sample("aime24-short.jsonl"), folder.File("out"), "output.shardRows=1");
        using (var first = MlPipe.Start(arguments))
        {
            WaitForFirstShard(folder.File("out"));
            first.Kill();
            first.Wait();
        }
        Assert.IsLessThan(5, Manifest.Read(folder.File("out")).Count);
        MlPipe.Run(arguments).Expect(0);
        TestFolder.AssertSame(Out, folder.File("out"));
    }

    [TestMethod]
    public void SIGTERM_ends_with_75_and_the_same_command_goes_on()
    {
        using var folder = new TestFolder();
        var arguments = MlPipe.RunArguments(TestFolder.Sample("aime24-short.jsonl"), folder.File("out"), "output.shardRows=1");
        using (var first = MlPipe.Start(arguments))
        {
            WaitForFirstShard(folder.File("out"));
            first.Terminate();
            first.Wait().Expect(75);
        }
        MlPipe.Run(arguments).Expect(0);
        TestFolder.AssertSame(Out, folder.File("out"));
    }

    private static string DuckDBType(string type) => type switch
    {
        "String" => "VARCHAR",
        "Int32" => "INTEGER",
        "Int64" => "BIGINT",
        "Boolean" => "BOOLEAN",
        _ => "STRUCT(\"role\" VARCHAR, \"content\" VARCHAR)[]",
    };

    private static string?[] Query(string sql) => [.. DuckDBQuery.Execute(sql).Rows.Select(row => row[0])];

    private static IEnumerable<(string Id, string Reasoning)> Pruned()
    {
        var view = new MLContext().Data.LoadFromParquet(Path.Combine(Out, "data", "*.parquet"));
        return view.GetColumn<string>("id").Zip(view.GetColumn<string>("reasoning"));
    }

    private static void WaitForFirstShard(string run)
    {
        Directory.CreateDirectory(run);
        using var watcher = new FileSystemWatcher(run, Manifest.FileName);
        using var written = new ManualResetEventSlim();
        watcher.Created += (_, _) => written.Set();
        watcher.Changed += (_, _) => written.Set();
        watcher.EnableRaisingEvents = true;
        if (!File.Exists(Path.Combine(run, Manifest.FileName))) Assert.IsTrue(written.Wait(TimeSpan.FromMinutes(5)));
    }
}
