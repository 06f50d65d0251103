using System.Globalization;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;
using ML.Pipelines.Runs;
using ML.Pipelines.Runs.Stores;
using ML.Pipelines.Stages;
using ML.Pipelines.Tests.Data;

namespace ML.Pipelines.Tests.Runs;

/// <summary>
/// The conservation law over random tables, shards and chains: every source row is kept, dropped or quarantined, once, whatever its parts
/// became; in one go, in slices, and after a stop.
/// </summary>
[TestClass]
public sealed class ConservationTests : FileTest
{
    private const string Broken = "{\"id\": ";

    private readonly JsonShardFormat _format = new();
    private int _jobs;

    private static Gen<Job> Jobs =>
        from rows in Gen.Choose(1, 24)
        from shardRows in Gen.Choose(1, 9)
        from stages in Gen.Choose(1, 4)
        from seed in Gen.Choose(0, int.MaxValue)
        from batchSize in Gen.Choose(1, 5)
        from batchesInFlight in Gen.Choose(1, 3)
        from slices in Gen.Choose(2, 4)
        from stop in Gen.Choose(1, 40)
        select new Job(rows, shardRows, stages, seed, batchSize, batchesInFlight, slices, stop);

    [TestMethod]
    public void Every_source_row_is_kept_dropped_or_quarantined_exactly_once_in_every_shard() => ForAll(30, (job, input, output) =>
    {
        var totals = Execute(job, input, output);
        AssertAccounted(job, output, totals);
    });

    [TestMethod]
    public void Slices_in_any_order_account_for_the_rows_as_one_machine_does() => ForAll(10, (job, input, output) =>
    {
        var whole = Execute(job, input, output);
        var sums = Enumerable.Range(1, job.Slices).OrderBy(number => (number * 7919) ^ job.Seed)
            .Select(number => Execute(job, input, output + "-sliced", new RunSlice(number, job.Slices))).ToArray();
        AssertEqual(whole, sums.Aggregate(RunTotals.Zero, (sum, slice) => sum.Add(slice)));
        AssertEqual(whole, RunMerge.Merge(new RunFolder(output + "-sliced"), _format));
        Assert.AreSequenceEqual(Files(output), Files(output + "-sliced"));
        Assert.IsEmpty(RunVerification.Check(new RunFolder(output), _format, hasEvidence: false));
    });

    [TestMethod]
    public void A_run_that_is_stopped_at_any_row_and_goes_on_accounts_for_the_rows_as_one_go_does() => ForAll(15, (job, input, output) =>
    {
        var whole = Execute(job, input, output);
        for (var stops = 1; Stopped(job, input, output + "-stopped", job.Stop * stops); stops++)
            foreach (var entry in Manifest.Read(output + "-stopped"))
                Assert.AreEqual(entry.RowsIn, entry.RowsKept + entry.Dropped.Values.Sum() + entry.Quarantined);
        AssertEqual(whole, Execute(job, input, output + "-stopped"));
        Assert.AreSequenceEqual(Files(output), Files(output + "-stopped"));
    });

    [TestMethod]
    public void A_row_whose_first_part_is_dropped_later_and_whose_second_stays_is_kept()
    {
        StageOutcome<string>[] fates =
            [StageOutcome<string>.Kept(["r0.0", "r0.1"]), StageOutcome<string>.Dropped("too-short"), StageOutcome<string>.Kept("r0.1")];
        var job = Enumerable.Range(0, int.MaxValue).Select(seed => new Job(1, 1, 2, seed, 1, 1, 2, 1)).First(job =>
            Same(fates[0], FanningStage.FateOf(job.Seed, 0, "r0")) && Same(fates[1], FanningStage.FateOf(job.Seed, 1, "r0.0"))
            && Same(fates[2], FanningStage.FateOf(job.Seed, 1, "r0.1")));
        var totals = Execute(job, Input(job), Path.Combine(Folder, "out"));
        Assert.AreEqual((1, 1, 1), (totals.RowsIn, totals.RowsKept, totals.RowsOut));
        Assert.IsEmpty(totals.Dropped);
        Assert.AreSequenceEqual([new KeyValuePair<string, long>("too-short", 1)], totals.PartsLost);
    }

    private void ForAll(int jobs, Action<Job, string, string> check) => Prop.ForAll(Jobs.ToArbitrary(), job =>
    {
        var folder = Path.Combine(Folder, $"{_jobs++}");
        check(job, Input(job), Path.Combine(folder, "out"));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(jobs));

    private string Input(Job job) => Write($"{_jobs}.jsonl", string.Concat(Enumerable.Range(0, job.Rows)
        .Select(row => (job.IsBroken(row) ? Broken : JsonSerializer.Serialize(new { id = $"r{row}", path = $"r{row}" })) + "\n")));

    private RunTotals Execute(
        Job job, string input, string output, RunSlice? slice = null, Action? asked = null, CancellationToken token = default)
    {
        var run = new PipelineRun(cancellationToken: token);
        return run.Execute(new()
        {
            Options = [new("seed", job.Seed.ToString(CultureInfo.InvariantCulture))],
            Source = ML.Data.LoadFromJsonLines(input, new() { Rejects = run.Rejects }),
            InputFiles = [input],
            Chain = Chain(job, run.Stages, asked ?? (() => { })),
            Models = new Dictionary<string, string>(),
            Store = new LocalRunStore(output),
            Format = _format,
            ShardRows = job.ShardRows,
            Slice = slice ?? RunSlice.Whole,
        });
    }

    private static EstimatorChain<ITransformer> Chain(Job job, StageContext context, Action asked)
    {
        var chain = new EstimatorChain<ITransformer>();
        for (var number = 0; number < job.Stages; number++)
            chain = chain.Append(FanningStage.Estimator(new(job.Seed, number, asked), context, job.BatchSize, job.BatchesInFlight));
        return chain;
    }

    private bool Stopped(Job job, string input, string output, int after)
    {
        using var stop = new CancellationTokenSource();
        var asked = 0;
        try
        {
            Execute(job, input, output, asked: () =>
            {
                if (Interlocked.Increment(ref asked) == after) stop.Cancel();
            }, token: stop.Token);
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    private void AssertAccounted(Job job, string output, RunTotals totals)
    {
        var entries = Manifest.Read(output);
        var plan = RunPlan.Read(output);
        Assert.AreSequenceEqual(plan.Shards.Select(shard => shard.Name), entries.Select(entry => entry.Shard));
        foreach (var (shard, entry) in plan.Shards.Zip(entries))
        {
            var rows = Enumerable.Range((int)shard.FirstRow, (int)shard.Rows).Select(job.Expect).ToArray();
            Assert.AreEqual(entry.RowsIn, entry.RowsKept + entry.Dropped.Values.Sum() + entry.Quarantined, shard.Name);
            Assert.AreEqual(Expected.Describe(rows), Describe(entry), shard.Name);
            Assert.AreSequenceEqual(rows.SelectMany(row => row.Out), Column(output, "data", shard, FanningStage.Column));
            Assert.AreSequenceEqual(rows.Where(row => row.Error is not null).Select(row => row.QuarantinedAs!),
                Column(output, "quarantine", shard, "row_id").Select(id => id.StartsWith('r') ? id : Broken));
        }
        Assert.AreEqual(job.Rows, totals.RowsKept + totals.Dropped.Values.Sum() + totals.Quarantined.Values.Sum());
    }

    private string[] Column(string output, string kind, PlanShard shard, string column)
    {
        var path = Path.Combine(output, RunFolder.Name(kind, shard.Name, _format.Extension));
        if (!File.Exists(path)) return [];
        return [.. JsonShardFormat.Rows(path).Select(row => JsonDocument.Parse(row).RootElement.GetProperty(column).GetString()!)];
    }

    private static string Describe(ManifestEntry entry) =>
        $"{entry.RowsKept} kept, {entry.RowsOut} out, dropped {Text(entry.Dropped)}, quarantined {Text(entry.Errors)}, "
        + $"parts lost {Text(entry.PartsLost)}";

    private static string Text(IReadOnlyDictionary<string, long>? counts) =>
        string.Join(' ', (counts ?? new Dictionary<string, long>()).Select(count => $"{count.Key}={count.Value}"));

    private static SortedDictionary<string, string> Files(string output) =>
        new(Directory.GetFiles(output, "*", SearchOption.AllDirectories).Where(file => !file.Contains("/.mlpipe/", StringComparison.Ordinal))
            .ToDictionary(file => Path.GetRelativePath(output, file), File.ReadAllText), StringComparer.Ordinal);

    private static void AssertEqual(RunTotals expected, RunTotals actual) =>
        Assert.AreEqual(JsonSerializer.Serialize(expected), JsonSerializer.Serialize(actual));

    private static bool Same(StageOutcome<string> a, StageOutcome<string> b) =>
        a.DropReason == b.DropReason && a.Error == b.Error && a.Rows.SequenceEqual(b.Rows);

    private sealed record Job(int Rows, int ShardRows, int Stages, int Seed, int BatchSize, int BatchesInFlight, int Slices, int Stop)
    {
        // The first row tells the columns.
        public bool IsBroken(int row) => row > 0 && ((row * 31) ^ Seed) % 7 == 0;

        /// <summary>What must become of a source row, from its parts in order.</summary>
        public Expected Expect(int row)
        {
            if (IsBroken(row)) return new([], null, ErrorCode.InvalidJson, Broken, []);
            var parts = Parts($"r{row}", 0).ToArray();
            string[] stayed = [.. parts.Where(part => part.Why is null).Select(part => part.Path)];
            if (stayed.Length > 0) return new(stayed, null, null, null, [.. parts.Select(part => part.Why).OfType<string>()]);
            var quarantined = parts.FirstOrDefault(part => part.IsError);
            return quarantined.Why is null ? new([], parts[0].Why, null, null, []) : new([], null, quarantined.Why, quarantined.Path, []);
        }

        private IEnumerable<(string Path, string? Why, bool IsError)> Parts(string path, int stage)
        {
            if (stage == Stages) return [(path, null, false)];
            var fate = FanningStage.FateOf(Seed, stage, path);
            if (fate.Error is { } error) return [(path, error.Code, true)];
            if (fate.DropReason is { } reason) return [(path, reason, false)];
            return fate.Rows.Count == 0 ? [(path, "no-rows", false)] : fate.Rows.SelectMany(part => Parts(part, stage + 1));
        }
    }

    private sealed record Expected(string[] Out, string? Reason, string? Error, string? QuarantinedAs, string[] Lost)
    {
        public static string Describe(Expected[] rows) =>
            $"{rows.Count(row => row.Out.Length > 0)} kept, {rows.Sum(row => row.Out.Length)} out, dropped {Counts(rows.Select(row => row.Reason))}, "
            + $"quarantined {Counts(rows.Select(row => row.Error))}, parts lost {Counts(rows.SelectMany(row => row.Lost))}";

        private static string Counts(IEnumerable<string?> keys) => string.Join(' ', keys.OfType<string>()
            .GroupBy(key => key, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => $"{group.Key}={group.Count()}"));
    }
}
