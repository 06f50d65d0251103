using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using ML.Pipelines.Runs;
using ML.Pipelines.Runs.Stores;
using ML.Pipelines.Tests.Data;

namespace ML.Pipelines.Tests.Runs;

[TestClass]
public sealed class RunPlanTests : FileTest
{
    private static readonly PlanOption[] Options = [new("stages.prune.ratio", "0.3"), new("output.shardRows", "1000")];
    private static readonly PlanInput[] Inputs = [new("/a.jsonl", 1, "aa"), new("/b.jsonl", 2, "bb")];
    private static readonly Dictionary<string, string> Models = new() { ["scorer"] = "s1", ["teacher"] = "t1" };

    [TestMethod]
    [DataRow(0L, 4L, "")]
    [DataRow(3L, 4L, "part-00000:0+3")]
    [DataRow(4L, 4L, "part-00000:0+4")]
    [DataRow(9L, 4L, "part-00000:0+4 part-00001:4+4 part-00002:8+1")]
    public void Rows_are_divided_into_full_shards_and_a_rest(long rows, long shardRows, string shards) =>
        Assert.AreEqual(shards, string.Join(' ', Divide(rows, shardRows).Select(shard => $"{shard.Name}:{shard.FirstRow}+{shard.Rows}")));

    [TestMethod]
    [DataRow("3 3 3", "0+3:9")]
    [DataRow("3 3 4 3", "0+3:10 3+1:3")]
    [DataRow("3 3 5 5 1", "0+2:6 2+2:10 4+1:1")]
    [DataRow("11 1 12 1", "0+1:11 1+1:1 2+1:12 3+1:1")]
    public void A_shard_closes_before_it_would_exceed_its_bytes_and_a_larger_row_is_alone(string bytes, string shards) =>
        Assert.AreEqual(shards, string.Join(' ', RunPlan.Divide(bytes.Split(' ').Select(long.Parse), 1000, 10)
            .Select(shard => $"{shard.FirstRow}+{shard.Rows}:{shard.Bytes}")));

    [TestMethod]
    public void Shards_are_adjacent_and_hold_all_rows() => FsCheck.Fluent.Prop.ForAll(
        Gen.Choose(0, 40).Select(bytes => (long)bytes).ArrayOf().ToArbitrary(), Gen.Choose(1, 30).ToArbitrary(), Gen.Choose(1, 100).ToArbitrary(),
        (rows, shardRows, shardBytes) =>
        {
            var shards = RunPlan.Divide(rows, shardRows, shardBytes);
            var next = 0L;
            foreach (var shard in shards)
            {
                var bytes = rows[(int)next..(int)(next + shard.Rows)].Sum();
                if (shard.FirstRow != next || shard.Bytes != bytes || shard.Rows < 1 || shard.Rows > shardRows) return false;
                if (bytes > shardBytes && shard.Rows > 1) return false;
                next += shard.Rows;
            }
            return next == rows.Length;
        }).QuickCheckThrowOnFailure();

    [TestMethod]
    public void Shards_of_no_rows_are_refused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Divide(10, 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => RunPlan.Divide([1], 10, 0));
    }

    [TestMethod]
    public void Whatever_changes_the_output_changes_the_fingerprint()
    {
        string[] fingerprints =
        [
            Fingerprint(), Fingerprint(version: "2"),
            Fingerprint(options: [Options[0]]), Fingerprint(options: [Options[0] with { Value = "0.4" }, Options[1]]),
            Fingerprint(inputs: [Inputs[1], Inputs[0]]), Fingerprint(inputs: [Inputs[0]]),
            Fingerprint(inputs: [Inputs[0] with { Sha256 = "cc" }, Inputs[1]]),
            Fingerprint(models: new() { ["scorer"] = "s2", ["teacher"] = "t1" }), Fingerprint(models: new() { ["scorer"] = "s1" }),
            Fingerprint(options: [new("stages.prune.ratio", "0.3\noutput.shardRows=\"1000\"")]),
        ];
        CollectionAssert.AllItemsAreUnique(fingerprints);
        Assert.IsTrue(fingerprints.All(fingerprint => fingerprint.Length == 64));
    }

    [TestMethod]
    public void Where_files_lie_and_the_order_of_models_do_not_change_the_fingerprint()
    {
        Assert.AreEqual(Fingerprint(), Fingerprint(inputs: [Inputs[0] with { Path = "/elsewhere.jsonl" }, Inputs[1]]));
        Assert.AreEqual(Fingerprint(), Fingerprint(models: new() { ["teacher"] = "t1", ["scorer"] = "s1" }));
    }

    [TestMethod]
    public void A_plan_reads_back_as_it_was_written()
    {
        var plan = Plan() with { Fitted = new Dictionary<string, JsonElement> { ["prune"] = JsonSerializer.SerializeToElement("-Infinity") } };
        Assert.IsTrue(plan.TryWrite(new LocalRunStore(Folder)));
        var bytes = File.ReadAllText(Path.Combine(Folder, RunPlan.FileName));
        var back = RunPlan.Read(Folder);
        Assert.IsTrue(back.TryWrite(new LocalRunStore(Path.Combine(Folder, "again"))));
        Assert.AreEqual(bytes, File.ReadAllText(Path.Combine(Folder, "again", RunPlan.FileName)));
        Assert.AreSequenceEqual(Plan().Options, back.Options);
        Assert.AreSequenceEqual(Plan().Columns, back.Columns);
        Assert.AreEqual((9, Plan().SchemaHash), (back.Rows, back.SchemaHash));
        Assert.IsFalse(bytes.Contains('\r', StringComparison.Ordinal));
    }

    [TestMethod]
    public void A_plan_that_is_there_is_never_written_over()
    {
        Assert.IsTrue(Plan().TryWrite(new LocalRunStore(Folder)));
        Assert.IsFalse((Plan() with { Version = "2" }).TryWrite(new LocalRunStore(Folder)));
        Assert.AreEqual(Plan().Version, RunPlan.Read(Folder).Version);
    }

    [TestMethod]
    public void The_schema_hash_tells_names_types_and_order()
    {
        var (a, b) = (new PlanColumn("a", "Text"), new PlanColumn("b", "Int32"));
        string[] hashes = [Hash(a, b), Hash(b, a), Hash(a), Hash(a, b with { Type = "Int64" }), Hash(a, b with { Name = "c" })];
        CollectionAssert.AllItemsAreUnique(hashes);
    }

    [TestMethod]
    [DataRow("{")]
    [DataRow("null")]
    [DataRow("[]")]
    [DataRow("{}")]
    public void A_damaged_plan_is_named(string text)
    {
        var path = Write(RunPlan.FileName, text);
        Assert.Contains(path, Throws(ErrorCode.DamagedFile, () => RunPlan.Read(Folder)).Message);
    }

    [TestMethod]
    public void A_folder_without_plan_holds_no_run() =>
        Assert.Contains("holds no run", Throws(ErrorCode.FileNotFound, () => RunPlan.Read(Folder)).Message);

    [TestMethod]
    public void An_input_is_its_size_and_hash()
    {
        var input = PlanInput.Of(Write("a.txt", "abc"));
        Assert.AreEqual((3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"), (input.Bytes, input.Sha256));
    }

    internal static RunPlan Plan() => new()
    {
        Version = "1",
        Fingerprint = Fingerprint(),
        Options = Options,
        Inputs = Inputs,
        Models = Models,
        Shards = Divide(9, 4),
        Columns = [new("id", "Text"), new("reasoning \"é\"", "Text")],
        IdColumn = "id",
    };

    private static string Hash(params PlanColumn[] columns) => (Plan() with { Columns = columns }).SchemaHash;

    private static string Fingerprint(
        string version = "1", PlanOption[]? options = null, PlanInput[]? inputs = null, Dictionary<string, string>? models = null) =>
        RunPlan.ComputeFingerprint(version, options ?? Options, inputs ?? Inputs, models ?? Models);

    internal static IReadOnlyList<PlanShard> Divide(long rows, long shardRows) => RunPlan.Divide(Enumerable.Repeat(1L, (int)rows), shardRows, long.MaxValue);
}
