using ML.Pipelines.Runs;
using ML.Pipelines.Tests.Data;

namespace ML.Pipelines.Tests.Runs;

[TestClass]
public sealed class RunFolderTests : FileTest
{
    private string Output => Path.Combine(Folder, "deep", "out");

    [TestMethod]
    public void A_new_folder_gets_a_plan()
    {
        new RunFolder(Output).Prepare(RunPlanTests.Plan());
        Assert.AreSequenceEqual(["plan.json"], Directory.GetFileSystemEntries(Output).Select(Path.GetFileName));
    }

    [TestMethod]
    public void An_empty_folder_is_taken()
    {
        Directory.CreateDirectory(Output);
        new RunFolder(Output).Prepare(RunPlanTests.Plan());
        Assert.IsTrue(File.Exists(Path.Combine(Output, RunPlan.FileName)));
    }

    [TestMethod]
    public void A_folder_with_other_files_is_refused_and_left_as_it_is()
    {
        var file = Write("deep/out/mine.txt", "x");
        var fault = Throws(ErrorCode.Output, () => new RunFolder(Output).Prepare(RunPlanTests.Plan()));
        Assert.Contains("is not empty and holds no run", fault.Message);
        Assert.AreSequenceEqual([file], Directory.GetFileSystemEntries(Output));
    }

    [TestMethod]
    public void A_run_of_the_same_plan_is_continued()
    {
        new RunFolder(Output).Prepare(RunPlanTests.Plan());
        var plan = RunPlanTests.Plan();
        new RunFolder(Output).Prepare(plan with { Inputs = [.. plan.Inputs.Select(input => input with { Path = "/moved" })] });
    }

    [TestMethod]
    public void A_changed_option_is_named_with_both_values() => Refused(
        "stages.prune.ratio was 0.3, now 0.5", plan => plan with { Options = [new("stages.prune.ratio", "0.5"), plan.Options[1]] });

    [TestMethod]
    public void An_added_option_is_named() => Refused(
        "stages.prune.seed was not set, now 7", plan => plan with { Options = [.. plan.Options, new("stages.prune.seed", "7")] });

    [TestMethod]
    public void A_dropped_option_is_named() => Refused(
        "output.shardRows was 1000, now not set", plan => plan with { Options = [plan.Options[0]] });

    [TestMethod]
    public void A_changed_model_is_named() => Refused(
        "model scorer was s1, now s2", plan => plan with { Models = new Dictionary<string, string> { ["scorer"] = "s2", ["teacher"] = "t1" } });

    [TestMethod]
    public void Changed_input_files_are_told() => Refused(
        "the input files changed", plan => plan with { Inputs = [plan.Inputs[0]] });

    [TestMethod]
    public void Another_version_is_told() => Refused("it was made by version 1, this is 2", plan => plan with { Version = "2" });

    [TestMethod]
    public void Options_in_another_order_are_told() => Refused(
        "the order of its options changed", plan => plan with { Options = [.. plan.Options.Reverse()] });

    [TestMethod]
    public void Other_shards_are_refused_even_with_the_same_fingerprint() => Refused(
        "its 3 shards hold other rows than the 2 now", plan => plan with { Shards = RunPlanTests.Divide(9, 5) }, sameFingerprint: true);

    [TestMethod]
    public void Other_columns_are_refused_even_with_the_same_fingerprint() => Refused(
        "the columns of its shards are others", plan => plan with { Columns = [plan.Columns[0]] }, sameFingerprint: true);

    [TestMethod]
    public void Another_id_column_is_refused_even_with_the_same_fingerprint() => Refused(
        "its id column was id, now uuid", plan => plan with { IdColumn = "uuid" }, sameFingerprint: true);

    [TestMethod]
    public void A_folder_that_cannot_be_made_is_refused_with_its_path()
    {
        Write("deep", "a file where a folder should be");
        var fault = Throws(ErrorCode.Output, () => new RunFolder(Output).Prepare(RunPlanTests.Plan()));
        Assert.StartsWith($"Cannot write to '{Output}':", fault.Message);
    }

    [TestMethod]
    public void A_read_only_folder_is_refused_with_its_path()
    {
        // A folder in the plan's place stops every user, the superuser too.
        Directory.CreateDirectory(Path.Combine(Output, RunPlan.FileName));
        var fault = Throws(ErrorCode.Output, () => new RunFolder(Output).Prepare(RunPlanTests.Plan()));
        Assert.StartsWith($"Cannot write to '{Output}':", fault.Message);
    }

    [TestMethod]
    public void Temporary_files_are_no_shards()
    {
        Write("deep/out/data/part-00001.rows", "");
        Write("deep/out/data/part-00000.rows", "");
        Write("deep/out/data/part-00002.rows.tmp", "");
        Assert.AreSequenceEqual(["part-00000.rows", "part-00001.rows"], new RunFolder(Output).Files("data", ".rows").Select(Path.GetFileName));
        Assert.IsEmpty(new RunFolder(Output).Files("evidence", ".rows"));
    }

    private void Refused(string difference, Func<RunPlan, RunPlan> change, bool sameFingerprint = false)
    {
        var plan = RunPlanTests.Plan();
        new RunFolder(Output).Prepare(plan);
        var before = File.ReadAllText(Path.Combine(Output, RunPlan.FileName));
        var changed = change(plan) with { Fingerprint = sameFingerprint ? plan.Fingerprint : "other" };
        var fault = Throws(ErrorCode.Output, () => new RunFolder(Output).Prepare(changed));
        Assert.Contains($"holds a run that differs: {difference}", fault.Message);
        Assert.AreEqual(before, File.ReadAllText(Path.Combine(Output, RunPlan.FileName)));
    }
}
