using ML.Pipelines.Runs;

namespace ML.Pipelines.Tests.Runs;

/// <summary>The crash windows of sealing: whatever is hit, final names hold whole files and a second start ends in the same bytes.</summary>
[TestClass]
public sealed class CrashTests : RunTest
{
    private static readonly string[] Kinds = ["data", "evidence", "quarantine"];
    private readonly List<string> _calls = [];

    [TestMethod]
    public void A_run_that_dies_at_any_point_leaves_whole_files_and_is_continued_to_the_same_bytes()
    {
        Format.Before = (what, path) => _calls.Add($"{what} {Path.GetRelativePath(Output(), path)}");
        var totals = Run();
        var whole = Files();
        foreach (var point in _calls.Distinct().ToArray())
        {
            Directory.Delete(Output(), recursive: true);
            Format.Before = (what, path) => Die($"{what} {Path.GetRelativePath(Output(), path)}" == point);
            Assert.ThrowsExactly<IOException>(() => Run(), point);
            Format.Before = (_, _) => { };
            AssertWhole();
            AssertSame(totals, Run());
            AssertSame(whole, Files());
        }
    }

    [TestMethod]
    public void A_run_that_dies_again_and_again_ends_in_the_same_bytes()
    {
        var totals = Run("whole");
        RunTotals? ended = null;
        for (var calls = 20; ended is null; calls += 5)
        {
            var left = calls;
            Format.Before = (_, _) => Die(left-- == 0);
            ended = RunOrDie();
            AssertWhole();
        }
        Format.Before = (_, _) => { };
        AssertSame(totals, ended);
        AssertSame(Files("whole"), Files());
    }

    [TestMethod]
    public void A_file_is_verified_under_its_temporary_name_before_it_is_renamed_and_recorded()
    {
        Format.Before = (what, path) =>
        {
            if (what != "verify") return;
            var final = path[..^".tmp".Length];
            _calls.Add(Path.GetFileName(final));
            Assert.IsFalse(File.Exists(final), "a file has its final name before it was verified");
            Assert.DoesNotContain(Path.GetFileNameWithoutExtension(final), Manifest.Read(Output()).Select(entry => entry.Shard));
        };
        Run();
        Assert.HasCount(7, _calls);
    }

    [TestMethod]
    public void A_shard_is_recorded_after_all_its_files_have_their_names()
    {
        Format.Before = (what, path) =>
        {
            foreach (var entry in Manifest.Read(Output()))
                foreach (var kind in Kinds.Except(entry.Quarantined > 0 ? [] : ["quarantine"]))
                    Assert.IsTrue(File.Exists(ShardFile(kind, entry.Shard)), $"{kind} of {entry.Shard}");
        };
        Run();
        Assert.HasCount(3, Manifest.Read(Output()));
    }

    [TestMethod]
    public void A_file_that_lost_rows_on_its_way_to_the_disk_is_never_renamed()
    {
        Format.Before = (what, path) =>
        {
            if (what != "verify" || !path.Contains("data/part-00001", StringComparison.Ordinal)) return;
            var lines = File.ReadAllLines(path);
            File.WriteAllText(path, $"{lines[0]}\n0\n");
        };
        var fault = Throws(ErrorCode.Invariant, () => Run());
        Assert.Contains("has 0 rows after writing 1", fault.Message);
        Assert.AreSequenceEqual(["part-00000"], Manifest.Read(Output()).Select(entry => entry.Shard));
        Assert.IsFalse(File.Exists(ShardFile("data", "part-00001")));
    }

    [TestMethod]
    public void A_shard_that_cannot_get_its_name_is_not_recorded()
    {
        Run("whole");
        var final = ShardFile("data", "part-00001");
        Directory.CreateDirectory(final);
        File.Copy(Path.Combine(Output("whole"), RunPlan.FileName), Path.Combine(Output(), RunPlan.FileName));
        Assert.Throws<SystemException>(() => Run());
        Assert.AreSequenceEqual(["part-00000"], Manifest.Read(Output()).Select(entry => entry.Shard));
        Directory.Delete(final);
        Run();
        AssertSame(Files("whole"), Files());
    }

    [TestMethod]
    public void A_crash_between_rename_and_record_makes_the_shard_again()
    {
        Run();
        var files = Files();
        File.Delete(Path.Combine(Output(), Manifest.FileName));
        Run();
        AssertSame(files, Files());
    }

    [TestMethod]
    public void A_torn_manifest_line_makes_its_shard_again()
    {
        Run();
        var files = Files();
        var manifest = Path.Combine(Output(), Manifest.FileName);
        for (var cut = 1; cut < 200; cut += 33)
        {
            File.WriteAllText(manifest, files[Manifest.FileName][..^cut]);
            Run();
            AssertSame(files, Files());
        }
    }

    [TestMethod]
    public void A_crash_while_the_plan_was_written_does_not_block_the_folder()
    {
        Run("whole");
        Directory.CreateDirectory(Output());
        File.WriteAllText(Path.Combine(Output(), RunPlan.FileName + ".tmp"), "{");
        Run();
        AssertSame(Files("whole"), Files());
    }

    private RunTotals? RunOrDie()
    {
        try
        {
            return Run();
        }
        catch (IOException)
        {
            return null;
        }
    }

    private void AssertWhole()
    {
        foreach (var kind in Kinds)
            foreach (var file in FolderOf().Files(kind, Format.Extension))
                new JsonShardFormat().ReadFooter(file);
        foreach (var entry in Manifest.Read(Output()))
            Assert.AreEqual(entry.Sha256, PlanInput.Of(ShardFile("data", entry.Shard)).Sha256);
    }

    private static void Die(bool now)
    {
        if (now) throw new IOException("No space left on device.");
    }
}
