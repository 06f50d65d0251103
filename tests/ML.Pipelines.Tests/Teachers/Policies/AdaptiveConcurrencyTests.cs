using FsCheck;
using FsCheck.Fluent;
using ML.Pipelines.Teachers;
using ML.Pipelines.Teachers.Policies;

namespace ML.Pipelines.Tests.Teachers.Policies;

[TestClass]
public sealed class AdaptiveConcurrencyTests
{
    private static readonly TeacherOptions Options = new() { InitialConcurrency = 10, MinimumConcurrency = 2, MaximumConcurrency = 20 };

    private readonly AdaptiveConcurrency _policy = new(Options, "m");

    [TestMethod]
    public async Task A_limit_that_is_used_grows_by_one_a_round()
    {
        var round = Start(10);
        await FinishAsync(round);
        Assert.AreEqual(10, _policy.Limit);
        await FinishAsync(Start(10));
        Assert.AreEqual(11, _policy.Limit);
    }

    [TestMethod]
    public async Task A_limit_that_nobody_reaches_does_not_grow()
    {
        for (var i = 0; i < 100; i++) await FinishAsync(Start(5));
        Assert.AreEqual(10, _policy.Limit);
    }

    [TestMethod]
    public async Task Calls_turned_away_together_shrink_it_once()
    {
        await FinishAsync(Start(10), TeacherFaultKind.Throttled);
        Assert.AreEqual(7, _policy.Limit);
        await FinishAsync(Start(7), TeacherFaultKind.Timeout);
        Assert.AreEqual(4, _policy.Limit);
    }

    [TestMethod]
    public async Task Other_faults_leave_it()
    {
        await FinishAsync(Start(10), TeacherFaultKind.BadRequest);
        await FinishAsync(Start(10), TeacherFaultKind.ServerError);
        Assert.AreEqual(10, _policy.Limit);
    }

    [TestMethod]
    public async Task It_stays_between_least_and_most()
    {
        for (var i = 0; i < 30; i++) await FinishAsync(Start(_policy.Limit), TeacherFaultKind.Throttled);
        Assert.AreEqual(Options.MinimumConcurrency, _policy.Limit);
        for (var i = 0; i < 300; i++) await FinishAsync(Start(_policy.Limit));
        Assert.AreEqual(Options.MaximumConcurrency, _policy.Limit);
    }

    [TestMethod]
    public async Task Calls_beyond_the_limit_wait_and_start_in_order()
    {
        var calls = Start(13);
        Assert.AreSequenceEqual([.. Enumerable.Repeat(true, 10), false, false, false], calls.Select(call => call.Started.Task.IsCompleted));
        calls[3].End.SetResult(null);
        await calls[10].Started.Task;
        Assert.IsFalse(calls[11].Started.Task.IsCompleted);
        await FinishAsync([.. calls.Where((_, i) => i != 3)]);
    }

    [TestMethod]
    public async Task A_waiter_that_is_cancelled_leaves_its_place_to_the_next()
    {
        var calls = Start(10);
        using var source = new CancellationTokenSource();
        var cancelled = new Call();
        var waiting = cancelled.RunAsync(_policy, source.Token);
        var next = Start(1)[0];
        await source.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => waiting);
        calls[0].End.SetResult(null);
        await next.Started.Task;
        Assert.IsFalse(cancelled.Started.Task.IsCompleted);
        await FinishAsync([.. calls[1..], next]);
    }

    [TestMethod]
    public void Whatever_fails_no_more_calls_run_than_the_limit_and_all_end()
    {
        Prop.ForAll<byte[]>(outcomes =>
        {
            var policy = new AdaptiveConcurrency(Options, "m");
            int running = 0, most = 0, done = 0;
            Task.WhenAll(outcomes.Select(async outcome =>
            {
                try
                {
                    await policy.ExecuteAsync(0, async _ =>
                    {
                        var now = Interlocked.Increment(ref running);
                        lock (policy) most = Math.Max(most, now);
                        await Task.Yield();
                        Interlocked.Decrement(ref running);
                        if (outcome % 3 == 0) throw new TeacherFaultException(TeacherFaultKind.Throttled, "said");
                        return new CallResult<bool>(true, 0, 0);
                    }, CancellationToken.None);
                }
                catch (TeacherFaultException)
                {
                    // The outcome is not looked at here.
                }
                Interlocked.Increment(ref done);
            })).Wait(TimeSpan.FromSeconds(30));
            return done == outcomes.Length && most <= Options.MaximumConcurrency && running == 0;
        }).QuickCheckThrowOnFailure();
    }

    private Call[] Start(int count) => [.. Enumerable.Range(0, count).Select(_ =>
    {
        var call = new Call();
        call.Task = call.RunAsync(_policy, CancellationToken.None);
        return call;
    })];

    private static async Task FinishAsync(Call[] calls, TeacherFaultKind? kind = null)
    {
        foreach (var call in calls)
        {
            await call.Started.Task;
            call.End.SetResult(kind is { } fault ? new TeacherFaultException(fault, "said") : null);
            await call.Task.ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private sealed class Call
    {
        public TaskCompletionSource Started { get; } = new();

        public TaskCompletionSource<Exception?> End { get; } = new();

        public Task Task { get; set; } = Task.CompletedTask;

        public async Task RunAsync(AdaptiveConcurrency policy, CancellationToken cancellationToken) =>
            await policy.ExecuteAsync(0, async _ =>
        {
            Started.SetResult();
            return await End.Task is { } fault ? throw fault : new CallResult<bool>(true, 0, 0);
        }, cancellationToken);
    }
}
