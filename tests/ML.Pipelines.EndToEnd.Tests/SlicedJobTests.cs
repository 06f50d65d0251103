using ML.Pipelines.Runs;

namespace ML.Pipelines.EndToEnd.Tests;

/// <summary>A job in slices by the command line, as schedulers run it.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class SlicedJobTests
{
    [TestMethod]
    public void Plan_slices_status_merge_and_verify_end_in_the_output_of_one_process()
    {
        using var folder = new TestFolder();
        var sample = TestFolder.Sample("aime24-short.jsonl");
        MlPipe.Run(MlPipe.RunArguments(sample, folder.File("whole"), "output.shardRows=2")).Expect(0);
        var run = MlPipe.RunArguments(sample, folder.File("out"), "output.shardRows=2");
        StringAssert.Contains(MlPipe.Run(["plan", .. run[1..]]).Expect(0).Output, RunPlan.Read(folder.File("whole")).Fingerprint);
        MlPipe.Run([.. run, "--slice", "2/2"]).Expect(0);
        MlPipe.Run("status", folder.File("out")).Expect(75);
        StringAssert.Contains(MlPipe.Run("merge", folder.File("out")).Expect(75).Error, "2 of 3 shards are not sealed yet");
        MlPipe.Run([.. run, "--slice", "1/2"]).Expect(0);
        MlPipe.Run("merge", folder.File("out")).Expect(0);
        MlPipe.Run("status", folder.File("out")).Expect(0);
        MlPipe.Run("verify", folder.File("out")).Expect(0);
        TestFolder.AssertSame(folder.File("whole"), folder.File("out"));
    }

    [TestMethod]
    public void A_time_slice_that_is_over_ends_with_75_and_the_same_command_goes_on()
    {
        using var folder = new TestFolder();
        var run = MlPipe.RunArguments(TestFolder.Sample("aime24-short.jsonl"), folder.File("out"), "output.shardRows=1");
        MlPipe.Run([.. run, "--max-duration", "0.001s"]).Expect(75);
        MlPipe.Run(run).Expect(0);
        MlPipe.Run("verify", folder.File("out")).Expect(0);
    }

    [TestMethod]
    public void A_data_set_that_fails_a_gate_ends_with_3_and_a_table()
    {
        using var folder = new TestFolder();
        var failed = MlPipe.Run(MlPipe.RunArguments(
            TestFolder.Sample("aime24-short.jsonl"), folder.File("out"), "gates.minKept=0.9", "gates.noEmptyMessages=true")).Expect(3);
        StringAssert.Contains(failed.Output, "FAILED");
        StringAssert.Contains(failed.Error, "fails its gates: minKept");
    }

    [TestMethod]
    public void Quarantined_rows_are_tried_again_in_a_run_of_their_own()
    {
        using var folder = new TestFolder();
        var good = File.ReadLines(TestFolder.Sample("aime24-short.jsonl")).First();
        var row = System.Text.Json.Nodes.JsonNode.Parse(good)!.AsObject();
        (row["question"], row["id"]) = ("", "no-question");
        var input = folder.Write("traces.jsonl", $"{good}\n{row.ToJsonString()}\n");
        MlPipe.Run(MlPipe.RunArguments(input, folder.File("out"), "output.maxQuarantined=1")).Expect(0);
        MlPipe.Run("retry", folder.File("out"), "--output", folder.File("again")).Expect(0);
        var entry = Manifest.Read(folder.File("again")).Single();
        Assert.AreEqual((1, 1), (entry.RowsIn, entry.Quarantined));
    }
}
