using ML.Pipelines.Runs;

namespace ML.Pipelines.Tests.Runs;

[TestClass]
public sealed class RunVerificationTests : RunTest
{
    [TestMethod]
    public void A_finished_run_is_whole()
    {
        Run();
        Assert.IsEmpty(Check());
    }

    [TestMethod]
    public void Every_flipped_byte_of_a_data_file_is_found()
    {
        Run();
        var path = ShardFile("data", "part-00001");
        var bytes = File.ReadAllBytes(path);
        for (var i = 0; i < bytes.Length; i += 7)
        {
            var changed = bytes.ToArray();
            changed[i] ^= 1;
            File.WriteAllBytes(path, changed);
            Assert.IsNotEmpty(Check(), $"byte {i}");
        }
    }

    [TestMethod]
    [DataRow("data")]
    [DataRow("evidence")]
    [DataRow("quarantine")]
    public void A_missing_file_is_named(string kind)
    {
        Run();
        File.Delete(ShardFile(kind, "part-00001"));
        Assert.Contains(ShardFile(kind, "part-00001"), Check().Single());
    }

    [TestMethod]
    [DataRow("evidence")]
    [DataRow("quarantine")]
    public void A_file_of_another_run_is_named(string kind)
    {
        Run();
        Run("other", new() { Ratio = 0.4 });
        File.Copy(ShardFile(kind, "part-00001", "other"), ShardFile(kind, "part-00001"), overwrite: true);
        Assert.Contains("is of another run", Check().Single());
    }

    [TestMethod]
    public void A_shard_that_is_not_sealed_is_named()
    {
        Run();
        var manifest = Path.Combine(Output(), Manifest.FileName);
        File.WriteAllLines(manifest, File.ReadAllLines(manifest)[..^1]);
        Assert.AreEqual("Shard part-00002 is not sealed.", Check().Single());
    }

    [TestMethod]
    public void Counts_that_do_not_add_up_are_named()
    {
        Run();
        var manifest = Path.Combine(Output(), Manifest.FileName);
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("\"rowsIn\":2", "\"rowsIn\":3", StringComparison.Ordinal));
        Assert.Contains("the plan has 2 rows, the manifest 3", string.Join(' ', Check()));
    }

    [TestMethod]
    public void What_dead_runs_left_is_listed_and_removed_and_nothing_else()
    {
        Run();
        var files = Files();
        Write("out/data/part-00001.rows.tmp", "half");
        Write("out/data/part-00009.rows", "of no plan");
        Write("out/.mlpipe/journals/part-00000.sqlite", "of a sealed shard");
        string[] orphans = ["data/part-00001.rows.tmp", "data/part-00009.rows", ".mlpipe/journals/part-00000.sqlite"];
        Assert.AreSequenceEqual(orphans, RunOrphans.Find(FolderOf(), delete: false).Select(file => file.Name));
        Assert.HasCount(3, RunOrphans.Find(FolderOf(), delete: true));
        Assert.IsEmpty(RunOrphans.Find(FolderOf(), delete: false));
        AssertSame(files, Files());
    }

    [TestMethod]
    public void Nothing_is_cleaned_while_a_process_works()
    {
        Run();
        using var held = FolderOf().Lock(RunSlice.Whole);
        Throws(ErrorCode.Output, () => RunOrphans.Find(FolderOf(), delete: true));
    }

    private IReadOnlyList<string> Check() => RunVerification.Check(FolderOf(), Format, hasEvidence: true);
}
