using System.Collections.Concurrent;
using System.Diagnostics;
using ML.Pipelines.Runs.Journals;
using ML.Pipelines.Runs.Stores;
using ML.Pipelines.Teachers;
using ML.Pipelines.Teachers.Policies;
using ML.Pipelines.Testing;

namespace ML.Pipelines.OpenAI.Tests;

/// <summary>Many rows against a server in trouble.</summary>
[TestClass]
[DoNotParallelize]
public sealed class StormTests : TeacherTest
{
    private const int Rows = 2000;

    private static readonly TeacherOptions Storm = new()
    {
        RequestTimeout = TimeSpan.FromMilliseconds(300),
        FirstDelay = TimeSpan.FromMilliseconds(2),
        LongestDelay = TimeSpan.FromMilliseconds(20),
        Patience = TimeSpan.FromMinutes(1),
        MinimumConcurrency = 16,
        MaximumConcurrency = 64,
        MaxAttempts = 12,
    };

    [TestMethod]
    public async Task Two_thousand_rows_come_through_a_storm_each_once_and_are_paid_for_once()
    {
        var storm = new FakeStorm { Seed = 7, Throttled = 0.3, Hangs = 0.05, Truncated = 0.03, Garbage = 0.02 };
        var server = await StartAsync(new() { Fault = storm.Of, Latency = TimeSpan.FromMilliseconds(1) });
        var teacher = Teach(At(server), Storm);
        var clock = Stopwatch.StartNew();
        var replies = await Task.WhenAll(Enumerable.Range(0, Rows).Select(async row =>
            (Row: $"row {row}", Reply: await teacher.AskAsync(Call($"row {row}"), Token))));
        TestContext.WriteLine($"{clock.Elapsed.TotalSeconds:0.0} s, {server.Calls} calls, {server.SuccessfulCalls} answered, "
            + $"{server.MostAtOnce} at once at most, limit {teacher.Policies!.Concurrency.Limit} at the end, {teacher.Policies.Breaker.Openings} openings");
        foreach (var (row, reply) in replies) Assert.AreEqual("Reply to " + row, reply.Text, reply.Error?.ToString());
        Assert.HasCount(Rows, server.Successes);
        Assert.IsLessThanOrEqualTo(1.1 * Rows, server.SuccessfulCalls);
        Assert.IsGreaterThan(1.4 * Rows, server.Calls, "There was a storm.");
        Assert.IsLessThanOrEqualTo(Storm.MaximumConcurrency, server.MostAtOnce);
        Assert.AreEqual(Rows, teacher.Policies.Budget.Usage.Calls);
    }

    [TestMethod]
    public async Task A_second_pass_after_a_storm_calls_nobody()
    {
        var storm = new FakeStorm { Seed = 8, Throttled = 0.3, Truncated = 0.05, Garbage = 0.05 };
        var server = await StartAsync(new() { Fault = storm.Of });
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            async Task<string?[]> PassAsync()
            {
                using var journal = new LogJournal(new LocalRunStore(folder), "journal");
                var teacher = Teach(At(server), Storm, journal);
                return await Task.WhenAll(Enumerable.Range(0, 100).Select(async row =>
                    (await teacher.AskAsync(Call($"row {row}"), Token)).Text));
            }

            var first = await PassAsync();
            var calls = server.Calls;
            var second = await PassAsync();
            Assert.AreSequenceEqual(first, second);
            Assert.AreEqual(calls, server.Calls);
            Assert.AreEqual(100, server.SuccessfulCalls);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public async Task Concurrency_converges_to_what_the_server_takes_at_once()
    {
        const int Capacity = 12;
        var server = await StartAsync(new() { Capacity = Capacity, Latency = TimeSpan.FromMilliseconds(2) });
        var teacher = Teach(At(server),
            Storm with { InitialConcurrency = 64, MinimumConcurrency = 1, RequestTimeout = TimeSpan.FromSeconds(20) });
        var limits = new ConcurrentQueue<int>();
        await Task.WhenAll(Enumerable.Range(0, Rows).Select(async row =>
        {
            await teacher.AskAsync(Call($"row {row}"), Token);
            limits.Enqueue(teacher.Policies!.Concurrency.Limit);
        }));
        var settled = limits.Skip(Rows / 2).ToArray();
        TestContext.WriteLine($"limits {settled.Min()} to {settled.Max()}, mean {settled.Average():0.0}; {server.Calls - server.SuccessfulCalls} calls turned away");
        Assert.AreEqual(Rows, server.SuccessfulCalls);
        Assert.IsInRange(Capacity * 0.5, Capacity * 1.5, settled.Average());
        Assert.IsLessThanOrEqualTo(2 * Capacity, settled.Max());
        Assert.IsLessThan(Rows * 0.1, server.Calls - server.SuccessfulCalls, "Few calls are turned away once it has settled.");
    }

    [TestMethod]
    public async Task The_breaker_opens_when_the_server_is_down_and_all_rows_go_on_when_it_is_back()
    {
        var server = await StartAsync();
        var options = Storm with
        {
            BreakDuration = TimeSpan.FromMilliseconds(500),
            MaxAttempts = 40,
            MinimumConcurrency = 4,
            MaximumConcurrency = 8
        };
        var teacher = Teach(At(server), options);
        Assert.IsNotNull((await teacher.AskAsync(Call("before"), Token)).Text);
        server.IsDown = true;
        var replies = Enumerable.Range(0, 100).Select(row => teacher.AskAsync(Call($"row {row}"), Token).AsTask()).ToArray();
        while (teacher.Policies!.Breaker.Openings < 2) await Task.WhenAny(Task.WhenAll(replies), Task.Delay(10, Token));
        Assert.IsFalse(teacher.Policies.Breaker.IsClosed);
        var turnedAway = server.TurnedAway;
        server.IsDown = false;
        foreach (var reply in await Task.WhenAll(replies)) Assert.IsNotNull(reply.Text, reply.Error?.Message);
        Assert.IsTrue(teacher.Policies.Breaker.IsClosed);
        Assert.AreEqual(101, server.SuccessfulCalls);
        TestContext.WriteLine($"{turnedAway} requests reached the server while it was down");
        Assert.IsLessThan(100, turnedAway, "Rows waited instead of trying.");
    }

    [TestMethod]
    public async Task A_spent_budget_stops_calls_and_keeps_the_replies_of_those_under_way()
    {
        var server = await StartAsync(new() { Latency = TimeSpan.FromMilliseconds(5) });
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            using var journal = new LogJournal(new LocalRunStore(folder), "journal");
            // 15 tokens a reply.
            var teacher = Teach(At(server), Storm with { MaxTokens = 300, RequestTimeout = TimeSpan.FromSeconds(20) }, journal);
            var asked = Enumerable.Range(0, 200).Select(row => teacher.AskAsync(Call($"row {row}"), Token).AsTask()).ToArray();
            var stop = await Assert.ThrowsExactlyAsync<BudgetSpentException>(async () =>
            {
                foreach (var reply in asked) await reply;
            });
            Assert.Contains("of 300 tokens", stop.Message);
            await Task.WhenAll(asked.Select(reply => reply.ContinueWith(_ => { }, TaskScheduler.Default)));
            Assert.IsInRange(20, 20 + Storm.MaximumConcurrency, server.SuccessfulCalls);
            Assert.AreEqual(server.SuccessfulCalls, journal.Count);
            Assert.AreEqual(server.Calls, server.SuccessfulCalls, "No call under way was given up.");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
