using System.Text.Json;

namespace ML.Pipelines.Schedulers.Tests;

/// <summary>The scripts of <c>pipelines/schedulers/slurm</c> on a real Slurm: with a stand-in that ends as told, and with mlpipe.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class SlurmTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static SlurmCluster _cluster = null!;
    private readonly TestFolder _folder = new();

    [ClassInitialize]
    public static void StartSlurm(TestContext context) => _cluster = SlurmCluster.Start();

    [ClassCleanup]
    public static void StopSlurm() => _cluster?.Dispose();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void The_plan_is_made_then_every_slice_runs_and_then_the_merge()
    {
        var (array, merge) = Submit(slices: 3, ending: "exit 0");
        AssertEnds(merge, "COMPLETED");
        Assert.IsTrue(_cluster.Jobs(array).All(task => task.State == "COMPLETED"));
        var calls = Calls();
        Assert.AreEqual("plan job.yaml --output out --set a=b", calls[0]);
        CollectionAssert.AreEquivalent(
            Enumerable.Range(1, 3).Select(slice => $"run job.yaml --output out --set a=b: {slice} from 1 of 3").ToArray(), calls[1..4]);
        CollectionAssert.AreEqual(new[] { "merge out", "verify out" }, calls[4..]);
    }

    [TestMethod]
    public void A_task_with_work_left_is_requeued_and_the_merge_waits_for_it()
    {
        var (array, merge) = Submit(slices: 2, ending: "[ $SLURM_ARRAY_TASK_ID = 1 ] || [ ${SLURM_RESTART_COUNT:-0} = 2 ] || exit 75");
        AssertEnds(merge, "COMPLETED");
        CollectionAssert.AreEquivalent(new[] { 0, 2 }, _cluster.Jobs(array).Select(task => task.Restarts).ToArray());
        Assert.HasCount(4, Calls().Where(call => call.StartsWith("run", StringComparison.Ordinal)).ToArray());
        CollectionAssert.AreEqual(new[] { "merge out", "verify out" }, Calls()[^2..]);
    }

    [TestMethod]
    public void The_signal_before_the_time_limit_reaches_mlpipe_and_the_task_goes_on()
    {
        var (array, merge) = Submit(slices: 1, ending: "[ -n \"$SLURM_RESTART_COUNT\" ] || hang");
        WaitForCall("run");
        // As Slurm sends --signal: to the job's steps.
        _cluster.Cancel("--signal=TERM", array);
        AssertEnds(merge, "COMPLETED");
        Assert.AreEqual(1, _cluster.Job(array).Restarts);
        Assert.Contains("stopped", Calls());
    }

    [TestMethod]
    public void A_failed_slice_is_not_tried_again_and_cancels_the_merge()
    {
        var (array, merge) = Submit(slices: 2, ending: "[ $SLURM_ARRAY_TASK_ID = 1 ] || exit 3");
        AssertEnds(merge, "CANCELLED");
        var tasks = _cluster.Jobs(array).Select(task => (task.State, task.ExitCode)).ToArray();
        CollectionAssert.AreEquivalent(new[] { ("COMPLETED", 0), ("FAILED", 3) }, tasks);
        Assert.DoesNotContain("merge out", Calls());
    }

    [TestMethod]
    public void A_cancelled_array_stays_cancelled_although_mlpipe_says_that_work_is_left()
    {
        var (array, merge) = Submit(slices: 1, ending: "hang");
        WaitForCall("run");
        _cluster.Cancel(array);
        AssertEnds(merge, "CANCELLED");
        Assert.AreEqual(("CANCELLED", 0), (_cluster.Job(array).State, _cluster.Job(array).Restarts));
    }

    [TestMethod]
    public void Slices_that_were_stopped_and_requeued_end_with_the_bytes_of_one_process()
    {
        var (input, whole, sliced) = (TestFolder.Sample("aime24-short.jsonl"), _folder.File("whole"), _folder.File("sliced"));
        var job = Path.Combine(AppContext.BaseDirectory, "pipelines", "pir.yaml");
        string[] options = ["--input", input, "--set", "output.shardRows=1"];
        var mlpipe = Shell.Script(_folder.File("mlpipe"), $"exec dotnet '{Shell.PathOf("MlPipe")}' \"$@\"\n");
        Shell.Run(_folder.Path, null, mlpipe, ["run", job, "--output", whole, .. options]).Expect(0);
        var (array, merge) = _cluster.Submit(_folder.Path, mlpipe, job, sliced, 2, options);
        _cluster.WaitUntil(() => HasShard(sliced), TimeSpan.FromMinutes(5), "the first shard");
        _cluster.Cancel("--signal=TERM", array);
        AssertEnds(merge, "COMPLETED", TimeSpan.FromMinutes(10));
        Assert.IsGreaterThan(0, _cluster.Jobs(array).Sum(task => task.Restarts), "a slice was stopped with work left");
        CollectionAssert.AreEqual(Sealed(whole), Sealed(sliced));
        foreach (var kind in new[] { "data", "evidence" }) TestFolder.AssertSame(Path.Combine(whole, kind), Path.Combine(sliced, kind));
    }

    /// <summary>Submits a run of a stand-in that notes its calls; <paramref name="ending"/> is what a slice does then.</summary>
    private (string Array, string Merge) Submit(int slices, string ending)
    {
        var mlpipe = Shell.Script(_folder.File("mlpipe"), $$"""
            hang() {
              trap 'echo stopped >> calls; exit 75' TERM
              while :; do sleep 0.1; done
            }
            [ "$1" = run ] || { echo "$@" >> calls; exit 0; }
            echo "$@: $SLURM_ARRAY_TASK_ID from $SLURM_ARRAY_TASK_MIN of $SLURM_ARRAY_TASK_COUNT" >> calls
            {{ending}}

            """);
        return _cluster.Submit(_folder.Path, mlpipe, "job.yaml", "out", slices, "--set", "a=b");
    }

    private string[] Calls() => File.Exists(_folder.File("calls")) ? File.ReadAllLines(_folder.File("calls")) : [];

    private void WaitForCall(string verb) =>
        _cluster.WaitUntil(() => Calls().Any(call => call.StartsWith(verb, StringComparison.Ordinal)), Limit, $"the call of {verb}");

    private void AssertEnds(string number, string state, TimeSpan? limit = null)
    {
        var ended = _cluster.WaitForEnd(number, limit ?? Limit).Single();
        var logs = string.Join('\n', Directory.GetFiles(_folder.Path, "*.log").Select(file => $"{file}:\n{File.ReadAllText(file)}"));
        Assert.AreEqual(state, ended.State, logs);
    }

    private static bool HasShard(string run) =>
        Path.Combine(run, "data") is var data && Directory.Exists(data) && Directory.EnumerateFiles(data, "*.parquet").Any();

    private static string[] Sealed(string run) => [.. File.ReadLines(Path.Combine(run, "manifest.jsonl"))
        .Select(line => JsonDocument.Parse(line).RootElement)
        .Select(entry => $"{entry.GetProperty("shard")} {entry.GetProperty("rowsIn")} {entry.GetProperty("sha256")}")
        .Order(StringComparer.Ordinal)];
}
