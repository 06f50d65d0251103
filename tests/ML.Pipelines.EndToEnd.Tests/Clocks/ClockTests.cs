using System.Globalization;
using ML.Pipelines.Azure.Tests;
using ML.Pipelines.EndToEnd.Tests.Kills;
using ML.Pipelines.Runs;

namespace ML.Pipelines.EndToEnd.Tests.Clocks;

/// <summary>The wall clock jumps by a year while a run works: no byte changes, and nothing that takes a time ends early.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class ClockTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly WallClock _clock;

    public ClockTests()
    {
        _clock = new(_folder);
        KillBench.WriteInput(Input);
    }

    private string Input => _folder.File("input.jsonl");

    [TestMethod]
    [DataRow(365)]
    [DataRow(-365)]
    public void A_jump_in_a_run_into_a_folder_changes_no_byte(int days) =>
        AssertSurvives(new FolderPlace(_folder), TimeSpan.FromDays(days));

    [TestMethod]
    [DataRow(365)]
    [DataRow(-365)]
    public void A_jump_in_a_run_into_a_container_changes_no_byte(int days)
    {
        using var azurite = Azurite.Started();
        AssertSurvives(new AzuritePlace(azurite), TimeSpan.FromDays(days));
    }

    [TestMethod]
    public void A_time_slice_ends_by_the_time_that_went_by_and_not_by_the_clock()
    {
        var run = MlPipe.RunArguments(TestFolder.Sample("aime24-short.jsonl"), _folder.File("out"), "output.shardRows=1");
        using var watcher = new FileSystemWatcher(Directory.CreateDirectory(_folder.File("out")).FullName, RunPlan.FileName);
        using var jumped = new ManualResetEventSlim();
        watcher.Created += (_, _) => Jump();
        watcher.Renamed += (_, _) => Jump();
        watcher.EnableRaisingEvents = true;
        using var process = MlPipe.Start(_clock.AddTo, [.. run, "--max-duration", "1h"]);
        process.Wait().Expect(0);
        Assert.IsTrue(jumped.IsSet);
        MlPipe.Run("verify", _folder.File("out")).Expect(0);

        void Jump()
        {
            _clock.Jump(TimeSpan.FromDays(365));
            jumped.Set();
        }
    }

    public void Dispose() => _folder.Dispose();

    // The clock jumps in the first shard; the run is killed in the second, and another goes on by the machine's clock.
    private void AssertSurvives(OutputPlace place, TimeSpan jump)
    {
        using var bench = new KillBench(Input, place);
        bench.Resume("whole");
        var whole = bench.Files("whole");
        bench.Server.Forget();
        bench.Server.Asked = count =>
        {
            if (count == 2) _clock.Jump(jump);
        };
        var ended = bench.Run("out", change: _clock.AddTo);
        Assert.AreEqual(0, ended.ExitCode, ended.Error);
        AssertJumped(jump, ended.Output.Split(' ')[1]);
        Assert.AreSequenceEqual(whole, bench.Files("out"));
        CollectionAssert.AllItemsAreUnique(bench.Server.Rows.ToArray());
        AssertGoesOnAfter(bench, jump, whole);
    }

    private void AssertGoesOnAfter(KillBench bench, TimeSpan jump, SortedDictionary<string, string> whole)
    {
        const int Jumps = 2, Dies = 6;
        _clock.Jump(TimeSpan.Zero);
        bench.Server.Forget();
        using var process = bench.Start("killed", change: _clock.AddTo);
        bench.Server.Asked = count =>
        {
            if (count == Jumps) _clock.Jump(jump);
            if (count == Dies) process.Kill();
        };
        Assert.AreNotEqual(0, RunHost.Wait(process).ExitCode);
        bench.Server.Asked = _ => { };
        bench.Resume("killed");
        Assert.AreSequenceEqual(whole, bench.Files("killed"));
    }

    private static void AssertJumped(TimeSpan jump, string time)
    {
        var off = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture) - DateTimeOffset.UtcNow - jump;
        Assert.IsLessThan(TimeSpan.FromDays(1), off.Duration(), $"The process did not see the jump: {time}");
    }
}
