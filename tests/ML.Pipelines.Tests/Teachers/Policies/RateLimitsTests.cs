using FsCheck;
using FsCheck.Fluent;
using ML.Pipelines.Teachers;
using ML.Pipelines.Teachers.Policies;

namespace ML.Pipelines.Tests.Teachers.Policies;

[TestClass]
public sealed class RateLimitsTests
{
    private readonly JumpingTime _time = new();

    [TestMethod]
    public async Task Requests_are_spread_over_the_minute()
    {
        var limits = new RateLimits(new TeacherOptions { RequestsPerMinute = 60 }, _time);
        for (var i = 0; i < 61; i++) await CallAsync(limits);
        Assert.AreEqual(60, _time.Elapsed.TotalSeconds, 1e-6);
    }

    [TestMethod]
    public async Task Tokens_are_spread_over_the_minute_by_what_replies_really_took()
    {
        var limits = new RateLimits(new TeacherOptions { TokensPerMinute = 6000 }, _time);
        // 100 tokens a second: 50 calls of 300 need 150 seconds, although each looked like 10.
        for (var i = 0; i < 50; i++) await CallAsync(limits, expected: 10, input: 100, output: 200);
        Assert.IsInRange(140.0, 155.0, _time.Elapsed.TotalSeconds);
    }

    [TestMethod]
    public async Task Without_limits_nobody_waits()
    {
        var limits = new RateLimits(new TeacherOptions(), _time);
        for (var i = 0; i < 100; i++) await CallAsync(limits, 1000, 1000, 1000);
        Assert.IsEmpty(_time.Waits);
    }

    [TestMethod]
    public async Task A_cancelled_wait_gives_back_what_it_took()
    {
        var limits = new RateLimits(new TeacherOptions { RequestsPerMinute = 1 }, _time);
        await CallAsync(limits);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        for (var i = 0; i < 10; i++)
            await Assert.ThrowsAsync<OperationCanceledException>(() => CallAsync(limits, cancellationToken: cancelled.Token));
        await CallAsync(limits);
        Assert.AreEqual(60, _time.Elapsed.TotalSeconds, 1e-6);
    }

    [TestMethod]
    public void In_no_minute_is_more_taken_than_comes_in_and_was_there()
    {
        Prop.ForAll<PositiveInt, PositiveInt[]>((perMinute, amounts) =>
        {
            var time = new JumpingTime();
            var bucket = new TokenBucket(perMinute.Get, time);
            var taken = 0L;
            foreach (var amount in amounts)
            {
                var wait = bucket.Take(amount.Get);
                time.Advance(wait);
                taken += amount.Get;
                if (taken > time.Elapsed.TotalMinutes * perMinute.Get + Math.Max(1, perMinute.Get / 60.0) + 1e-3) return false;
            }
            return true;
        }).QuickCheckThrowOnFailure();
    }

    private static async Task CallAsync(RateLimits limits, long expected = 0, long input = 0, long output = 0,
        CancellationToken cancellationToken = default) =>
        await limits.ExecuteAsync(expected, _ => ValueTask.FromResult(new CallResult<bool>(true, input, output)), cancellationToken);
}
