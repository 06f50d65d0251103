using System.Globalization;

namespace ML.Pipelines.EndToEnd.Tests.Kills;

/// <summary>Kills processes at every step of their store, and at random calls: the output is that of an uninterrupted run.</summary>
/// <param name="input">The input, of <see cref="KillBench.WriteInput"/>.</param>
/// <param name="place">Where they write.</param>
internal sealed class KillMatrix(string input, OutputPlace place)
{
    // Processes at once, each on an output and with a server of its own.
    private static readonly int Lanes = Math.Max(2, Environment.ProcessorCount / 2);

    /// <summary>Kills a process before and after each step, and goes on from there.</summary>
    /// <param name="leastSteps">There are more steps than this.</param>
    /// <param name="losesReplies">Whether a reply may be lost at a step, because keeping it is one.</param>
    public void KillAtEachStep(int leastSteps, Func<string, bool> losesReplies)
    {
        var whole = Whole();
        Assert.IsGreaterThan(leastSteps, whole.Steps);
        InLanes(whole.Steps, (bench, step) =>
        {
            var output = $"killed-{step}";
            bench.Server.Forget();
            var killed = bench.Run(output, step);
            Assert.AreNotEqual(0, killed.ExitCode, $"step {step} was not reached");
            bench.AssertNothingPartial(output);
            bench.Resume(output);
            var name = $"step {step}: {killed.Output}{killed.Error}";
            Assert.AreSequenceEqual(whole.Files, bench.Files(output), name);
            AssertCalls(whole.Calls, bench, losesReplies(killed.Output) ? KillBench.CallsInFlight : 0, name);
        });
    }

    /// <summary>Kills processes at random calls, again and again until one comes to its end.</summary>
    /// <param name="kills">The least number of kills.</param>
    public void KillAtRandomCalls(int kills)
    {
        var whole = Whole();
        var left = kills;
        InLanes(kills, (bench, output) =>
        {
            if (Volatile.Read(ref left) <= 0) return;
            var (name, random, killed) = ($"random-{output}", new Random(output), 0);
            bench.Server.Forget();
            while (IsKilled(bench, name, random)) killed++;
            Assert.AreSequenceEqual(whole.Files, bench.Files(name), name);
            AssertCalls(whole.Calls, bench, killed * KillBench.CallsInFlight, $"{name}, {killed} kills");
            Interlocked.Add(ref left, -killed);
        });
        Assert.IsLessThanOrEqualTo(0, left);
    }

    private (int Steps, SortedDictionary<string, string> Files, int Calls) Whole()
    {
        using var bench = new KillBench(input, place);
        var ended = bench.Run("whole");
        Assert.AreEqual(0, ended.ExitCode, ended.Error);
        return (int.Parse(ended.Output.Split(' ')[0], CultureInfo.InvariantCulture), bench.Files("whole"), bench.Server.Rows.Count);
    }

    // Kills the process at a random one of its next calls; false when it ended before.
    private bool IsKilled(KillBench bench, string output, Random random)
    {
        place.Release(output);
        var at = bench.Server.Rows.Count + random.Next(1, KillBench.Rows);
        using var process = bench.Start(output);
        bench.Server.Asked = count =>
        {
            if (count == at) process.Kill();
        };
        var result = RunHost.Wait(process);
        bench.Server.Asked = _ => { };
        if (result.ExitCode != 0) Assert.AreEqual("", result.Error);
        return result.ExitCode != 0;
    }

    private static void AssertCalls(int calls, KillBench bench, int mayBeTwice, string name)
    {
        Assert.HasCount(calls, bench.Server.Rows.Distinct(), name);
        Assert.IsLessThanOrEqualTo(calls + mayBeTwice, bench.Server.Rows.Count, $"{name}: {string.Join(' ', bench.Server.Rows)}");
    }

    // On threads of their own: the pool's are for the servers.
    private void InLanes(int count, Action<KillBench, int> work)
    {
        var next = -1;
        Task.WhenAll(Enumerable.Range(0, Lanes).Select(_ => Task.Factory.StartNew(
            () =>
            {
                using var bench = new KillBench(input, place);
                for (int i; (i = Interlocked.Increment(ref next)) < count;) work(bench, i);
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))).GetAwaiter().GetResult();
    }
}
