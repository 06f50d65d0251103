using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ML.Pipelines.Parquet;
using ML.Pipelines.Runs;

namespace ML.Pipelines.EndToEnd.Tests;

/// <summary>Processes killed at every step of the store and at random calls: the output is that of an uninterrupted run, no call is paid twice.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class KillTests : IDisposable
{
    private const int Rows = 10;
    private const int RandomKills = 200;

    /// <summary>Rows that a stage has in work at once.</summary>
    private const int CallsInFlight = 2;

    private readonly TestFolder _folder = new();
    private readonly ScoreServer _server = new();

    private string Input => _folder.File("input.jsonl");

    [TestInitialize]
    public void WriteInput() => File.WriteAllLines(Input, Enumerable.Range(0, Rows).Select(Row));

    [TestMethod]
    public void A_process_killed_before_or_after_any_step_of_its_store_is_continued_to_the_same_bytes()
    {
        var steps = int.Parse(Run("whole", dieAt: -1).Output, CultureInfo.InvariantCulture);
        Assert.IsGreaterThan(60, steps);
        var (whole, calls) = (Files("whole"), _server.Rows.Count);
        for (var step = 0; step < steps; step++)
        {
            var output = $"killed-{step}";
            _server.Forget();
            Assert.AreNotEqual(0, Run(output, dieAt: step).ExitCode, $"step {step} was not reached");
            AssertNothingPartial(output);
            Assert.AreEqual(0, Run(output).ExitCode, $"after step {step}");
            AssertSame(whole, Files(output), $"step {step}");
            // No call is in flight at a step of the store.
            Assert.HasCount(calls, _server.Rows, $"step {step}");
        }
    }

    [TestMethod]
    public void Processes_killed_at_random_calls_make_no_call_twice_but_those_in_flight()
    {
        Assert.AreEqual(0, Run("whole").ExitCode);
        var (whole, calls) = (Files("whole"), _server.Rows.Count);
        var random = new Random(1);
        for (int kills = 0, output = 0; kills < RandomKills; output++)
        {
            _server.Forget();
            var killed = 0;
            while (!Ends($"random-{output}", random)) killed++;
            AssertSame(whole, Files($"random-{output}"), $"output {output}");
            Assert.IsLessThanOrEqualTo(calls + (killed * CallsInFlight), _server.Rows.Count, $"{killed} kills: {string.Join(' ', _server.Rows)}");
            Assert.HasCount(calls, _server.Rows.Distinct());
            kills += killed;
        }
    }

    [TestMethod]
    public void Two_slices_at_once_give_the_single_machine_s_output()
    {
        Assert.AreEqual(0, Run("whole").ExitCode);
        _server.Forget();
        using var first = Start("sliced", "1/2");
        using var second = Start("sliced", "2/2");
        Assert.AreEqual(0, RunHost.Wait(first).ExitCode);
        Assert.AreEqual(0, RunHost.Wait(second).ExitCode);
        RunMerge.Merge(new RunFolder(_folder.File("sliced")), new ParquetShardFormat());
        AssertSame(Files("whole"), Files("sliced"), "merged");
        CollectionAssert.AllItemsAreUnique(_server.Rows.ToArray());
    }

    [TestMethod]
    public void Of_two_processes_on_one_slice_one_works_and_the_other_leaves_with_a_message()
    {
        using var held = new ManualResetEventSlim();
        using var asked = new ManualResetEventSlim();
        _server.Asked = _ =>
        {
            asked.Set();
            held.Wait();
        };
        using var first = Start("out", "1/1");
        asked.Wait();
        var second = Run("out");
        held.Set();
        Assert.AreEqual(2, second.ExitCode);
        Assert.Contains("Another run works in", second.Error);
        Assert.AreEqual(0, RunHost.Wait(first).ExitCode);
        CollectionAssert.AllItemsAreUnique(_server.Rows.ToArray());
    }

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    // Kills the process at a random one of its next calls; false when it ended before.
    private bool Ends(string output, Random random)
    {
        var before = _server.Rows.Count;
        var at = before + random.Next(1, Rows);
        using var process = Start(output, "1/1");
        _server.Asked = count =>
        {
            if (count == at) process.Kill();
        };
        var result = RunHost.Wait(process);
        _server.Asked = _ => { };
        return result.ExitCode == 0;
    }

    private RunHost.Result Run(string output, int dieAt = int.MaxValue)
    {
        using var process = Start(output, "1/1", dieAt.ToString(CultureInfo.InvariantCulture));
        return RunHost.Wait(process);
    }

    private Process Start(string output, params string[] arguments) => RunHost.Start(Input, _folder.File(output), _server, arguments);

    private void AssertNothingPartial(string output)
    {
        var folder = new RunFolder(_folder.File(output));
        var format = new ParquetShardFormat();
        foreach (var kind in (string[])["data", "evidence", "quarantine"])
            foreach (var file in folder.Files(kind, format.Extension)) format.ReadFooter(file);
        foreach (var entry in Manifest.Read(folder.Store))
            Assert.AreEqual(entry.Sha256, PlanInput.Of(Path.Combine(_folder.File(output), RunFolder.Name("data", entry.Shard, format.Extension))).Sha256);
    }

    private SortedDictionary<string, string> Files(string output) => RunHost.Files(_folder.File(output));

    private static void AssertSame(SortedDictionary<string, string> expected, SortedDictionary<string, string> actual, string message) =>
        Assert.AreSequenceEqual(expected, actual, message);

    // Of every kind of fate: row 3 is no JSON, row 5 was cut off.
    private static string Row(int i) => i == 3 ? "{\"id\": \"r3\"" : JsonSerializer.Serialize(new
    {
        id = $"r{i}",
        question = $"What is {i} + {i}?",
        reasoning = $"We add {i} and {i}.\n\nThat is {2 * i}, so x = {2 * i}.\n\nWait, let me check that again. {i} + {i} is {2 * i}.\n\n"
            + $"Alternatively, 2 times {i} is {2 * i}.\n\nSo the answer is {2 * i}.",
        answer = $"{2 * i}",
        complete = i != 5,
    });
}
