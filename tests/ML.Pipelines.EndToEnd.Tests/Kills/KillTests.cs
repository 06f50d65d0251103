using ML.Pipelines.Parquet;
using ML.Pipelines.Runs;

namespace ML.Pipelines.EndToEnd.Tests.Kills;

/// <summary>Processes with a folder as their store killed at every step of it and at random calls, and several on one folder.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class KillTests : IDisposable
{
    private const int RandomKills = 180;

    private readonly TestFolder _folder = new();
    private readonly FolderPlace _place;
    private readonly KillBench _bench;

    public KillTests()
    {
        _place = new(_folder);
        _bench = new(Input, _place);
        KillBench.WriteInput(Input);
    }

    private string Input => _folder.File("input.jsonl");

    // The journal is SQLite's, so no call is in flight at a step of the store.
    [TestMethod]
    public void A_process_killed_before_or_after_any_step_of_its_store_is_continued_to_the_same_bytes() =>
        new KillMatrix(Input, _place).KillAtEachStep(60, losesReplies: _ => false);

    [TestMethod]
    public void Processes_killed_at_random_calls_make_no_call_twice_but_those_in_flight() =>
        new KillMatrix(Input, _place).KillAtRandomCalls(RandomKills);

    [TestMethod]
    public void Two_slices_at_once_give_the_single_machine_s_output()
    {
        Assert.AreEqual(0, _bench.Run("whole").ExitCode);
        _bench.Server.Forget();
        using var first = _bench.Start("sliced", "1/2");
        using var second = _bench.Start("sliced", "2/2");
        Assert.AreEqual(0, RunHost.Wait(first).ExitCode);
        Assert.AreEqual(0, RunHost.Wait(second).ExitCode);
        RunMerge.Merge(new RunFolder(_folder.File("sliced")), new ParquetShardFormat());
        Assert.AreSequenceEqual(_bench.Files("whole"), _bench.Files("sliced"));
        CollectionAssert.AllItemsAreUnique(_bench.Server.Rows.ToArray());
    }

    [TestMethod]
    public void Of_two_processes_on_one_slice_one_works_and_the_other_leaves_with_a_message()
    {
        using var held = new ManualResetEventSlim();
        using var asked = new ManualResetEventSlim();
        _bench.Server.Asked = _ =>
        {
            asked.Set();
            held.Wait();
        };
        using var first = _bench.Start("out");
        asked.Wait();
        var second = _bench.Run("out");
        held.Set();
        Assert.AreEqual(2, second.ExitCode);
        Assert.Contains("Another run works in", second.Error);
        Assert.AreEqual(0, RunHost.Wait(first).ExitCode);
        CollectionAssert.AllItemsAreUnique(_bench.Server.Rows.ToArray());
    }

    public void Dispose()
    {
        _bench.Dispose();
        _folder.Dispose();
    }
}
