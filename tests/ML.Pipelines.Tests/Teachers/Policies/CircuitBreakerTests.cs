using ML.Pipelines.Teachers;
using ML.Pipelines.Teachers.Policies;

namespace ML.Pipelines.Tests.Teachers.Policies;

[TestClass]
public sealed class CircuitBreakerTests
{
    private static readonly TeacherOptions Options = new()
    {
        BreakerFailureRatio = 0.5,
        BreakerMinimumCalls = 4,
        BreakerWindow = TimeSpan.FromSeconds(30),
        BreakDuration = TimeSpan.FromSeconds(10),
        Patience = TimeSpan.FromMinutes(2),
    };

    private readonly JumpingTime _time = new();
    private readonly CircuitBreaker _breaker;
    private int _calls;

    public CircuitBreakerTests() => _breaker = new(Options, "m", _time);

    [TestMethod]
    public async Task It_opens_when_too_many_calls_fail_and_closes_when_a_probe_succeeds()
    {
        await FailAsync(4);
        Assert.AreEqual((false, 1, 4), (_breaker.IsClosed, _breaker.Openings, _calls));
        Assert.IsTrue(await CallAsync(() => null));
        Assert.IsTrue(_breaker.IsClosed);
        Assert.AreEqual(5, _calls);
        Assert.IsGreaterThanOrEqualTo(Options.BreakDuration, _time.Elapsed);
    }

    [TestMethod]
    public async Task A_few_failures_leave_it_closed()
    {
        await FailAsync(1);
        for (var i = 0; i < 3; i++) await CallAsync(() => null);
        await FailAsync(1);
        Assert.IsTrue(_breaker.IsClosed);
    }

    [TestMethod]
    public async Task A_server_that_turns_away_or_refuses_is_there()
    {
        await FailAsync(50, TeacherFaultKind.Throttled);
        await FailAsync(50, TeacherFaultKind.BadRequest);
        Assert.AreEqual((true, 0), (_breaker.IsClosed, _breaker.Openings));
    }

    [TestMethod]
    public async Task A_probe_that_fails_waits_on_and_is_no_try_of_its_row()
    {
        await FailAsync(4);
        Assert.IsTrue(await CallAsync(() => _calls < 8 ? Fault(TeacherFaultKind.ServerError) : null));
        Assert.AreEqual((8, 4, true), (_calls, _breaker.Openings, _breaker.IsClosed));
        Assert.IsGreaterThanOrEqualTo(4 * Options.BreakDuration, _time.Elapsed);
    }

    [TestMethod]
    public async Task A_server_that_stays_away_beyond_patience_ends_the_run()
    {
        await FailAsync(4);
        var fault = await Assert.ThrowsExactlyAsync<TeacherFaultException>(() => CallAsync(() => Fault(TeacherFaultKind.ServerError)));
        Assert.AreEqual(TeacherFaultKind.GaveUp, fault.Kind);
        Assert.Contains("said", fault.Message);
        Assert.IsInRange(Options.Patience, Options.Patience + 2 * Options.BreakDuration, _time.Elapsed);
    }

    private static TeacherFaultException Fault(TeacherFaultKind kind) => new(kind, "said");

    private async Task FailAsync(int times, TeacherFaultKind kind = TeacherFaultKind.ServerError)
    {
        for (var i = 0; i < times; i++) await Assert.ThrowsExactlyAsync<TeacherFaultException>(() => CallAsync(() => Fault(kind)));
    }

    private async Task<bool> CallAsync(Func<Exception?> fault)
    {
        var result = await _breaker.ExecuteAsync(0, _ =>
        {
            _calls++;
            return fault() is { } thrown ? throw thrown : ValueTask.FromResult(new CallResult<bool>(true, 0, 0));
        }, CancellationToken.None);
        return result.Value;
    }
}
