using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ML.Pipelines.Parquet;
using ML.Pipelines.RunHost;
using ML.Pipelines.Runs;
using ML.Pipelines.Runs.Stores;

namespace ML.Pipelines.EndToEnd.Tests.Kills;

/// <summary>Starts runs that are killed, and goes on with them; its server sees the calls of all of them.</summary>
/// <param name="input">The input, of <see cref="WriteInput"/>.</param>
/// <param name="place">Where they write.</param>
internal sealed class KillBench(string input, OutputPlace place) : IDisposable
{
    /// <summary>Rows of the input.</summary>
    public const int Rows = 10;

    /// <summary>Rows that a stage has in work at once.</summary>
    public const int CallsInFlight = 2;

    private const int ShardRows = 4;

    public ScoreServer Server { get; } = new();

    /// <summary>Writes rows of every kind of fate: row 3 is no JSON, row 5 was cut off.</summary>
    public static void WriteInput(string path) => File.WriteAllLines(path, Enumerable.Range(0, Rows).Select(Row));

    public Process Start(string output, string slice = "1/1", int dieAt = int.MaxValue, Action<ProcessStartInfo>? change = null)
    {
        var start = RunHost.Command(input, place.Location(output), Server, slice, dieAt.ToString(CultureInfo.InvariantCulture));
        foreach (var (name, value) in place.Environment) start.Environment[name] = value;
        // What a process that is killed leaves there goes with the test.
        start.Environment["TMPDIR"] = Path.GetDirectoryName(input);
        change?.Invoke(start);
        return Process.Start(start)!;
    }

    public RunHost.Result Run(string output, int dieAt = int.MaxValue, Action<ProcessStartInfo>? change = null)
    {
        using var process = Start(output, dieAt: dieAt, change: change);
        return RunHost.Wait(process);
    }

    /// <summary>Goes on in this process, which has nothing of the one that died, to the end.</summary>
    public void Resume(string output)
    {
        place.Release(output);
        var store = place.Open(output);
        using var disposed = store as IDisposable;
        Execute(store);
    }

    /// <summary>Runs in this process, to the end.</summary>
    public void Execute(IRunStore store)
    {
        var totals = HostedRun.Execute(input, store, Server.Address, RunSlice.Whole, ShardRows);
        Assert.AreEqual(Rows, totals.RowsKept + totals.Dropped.Values.Sum() + totals.Quarantined.Values.Sum());
    }

    public SortedDictionary<string, string> Files(string output)
    {
        var store = place.Open(output);
        using var disposed = store as IDisposable;
        return RunHost.Files(store);
    }

    /// <summary>Checks that all files at final names are whole, and are what the manifest says.</summary>
    public void AssertNothingPartial(string output)
    {
        var store = place.Open(output);
        using var disposed = store as IDisposable;
        var (folder, format) = (new RunFolder(store), new ParquetShardFormat());
        foreach (var kind in (string[])["data", "evidence", "quarantine"])
            foreach (var file in folder.Files(kind, format.Extension)) format.ReadFooter(file);
        foreach (var entry in Manifest.Read(store))
            Assert.AreEqual(entry.Sha256, PlanInput.Of(store.Fetch(RunFolder.Name("data", entry.Shard, format.Extension))).Sha256);
    }

    public void Dispose() => Server.Dispose();

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
