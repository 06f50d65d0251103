using ML.Pipelines.Teachers;
using ML.Pipelines.Teachers.Policies;

namespace ML.Pipelines.Tests.Teachers.Policies;

[TestClass]
public sealed class RetriesTests
{
    private static readonly TeacherOptions Options = new()
    {
        MaxAttempts = 5,
        FirstDelay = TimeSpan.FromSeconds(1),
        LongestDelay = TimeSpan.FromSeconds(5),
        Patience = TimeSpan.FromMinutes(1),
    };

    private readonly JumpingTime _time = new();
    private int _calls;

    [TestMethod]
    public async Task A_call_that_succeeds_is_made_once()
    {
        Assert.AreEqual("done", await RunAsync(_ => null));
        Assert.AreEqual(1, _calls);
    }

    [TestMethod]
    public async Task Waits_double_up_to_the_longest()
    {
        var fault = await FaultOf(_ => Fault(TeacherFaultKind.ServerError), random: 1);
        Assert.AreEqual((5, 5), (_calls, fault.Attempts));
        Assert.AreSequenceEqual([1, 2, 4, 5], _time.Waits.Select(wait => wait.TotalSeconds));
    }

    [TestMethod]
    public async Task Jitter_takes_any_part_of_a_wait()
    {
        await FaultOf(_ => Fault(TeacherFaultKind.Timeout), random: 0.25);
        Assert.AreSequenceEqual([0.25, 0.5, 1, 1.25], _time.Waits.Select(wait => wait.TotalSeconds));
    }

    [TestMethod]
    public async Task The_time_that_a_server_asks_for_comes_before_the_jitter()
    {
        Assert.AreEqual("done", await RunAsync(call => call == 1 ? Fault(TeacherFaultKind.Throttled, seconds: 20) : null, random: 0.5));
        Assert.AreSequenceEqual([20.5], _time.Waits.Select(wait => wait.TotalSeconds));
    }

    [TestMethod]
    public async Task A_time_beyond_patience_is_a_no()
    {
        foreach (var kind in (TeacherFaultKind[])[TeacherFaultKind.Throttled, TeacherFaultKind.ServerError])
        {
            _calls = 0;
            await FaultOf(_ => Fault(kind, seconds: 61));
            Assert.AreEqual(1, _calls);
        }
    }

    [TestMethod]
    public async Task A_server_that_turns_away_is_asked_until_patience_is_over_however_often()
    {
        var fault = await FaultOf(_ => Fault(TeacherFaultKind.Throttled), random: 1);
        Assert.IsInRange(TimeSpan.FromSeconds(50), Options.Patience, _time.Elapsed);
        Assert.IsGreaterThan(Options.MaxAttempts, fault.Attempts);
    }

    [TestMethod]
    public async Task Being_turned_away_does_not_use_up_tries()
    {
        var fault = await FaultOf(call => Fault(call % 2 == 0 ? TeacherFaultKind.ServerError : TeacherFaultKind.Throttled), random: 0.1);
        Assert.AreEqual((10, TeacherFaultKind.ServerError), (fault.Attempts, fault.Kind));
    }

    [TestMethod]
    [DataRow(TeacherFaultKind.BadRequest)]
    [DataRow(TeacherFaultKind.ContextOverflow)]
    [DataRow(TeacherFaultKind.Unauthorized)]
    [DataRow(TeacherFaultKind.Quota)]
    [DataRow(TeacherFaultKind.GaveUp)]
    public async Task What_would_fail_again_is_not_made_again(TeacherFaultKind kind)
    {
        await FaultOf(_ => Fault(kind));
        Assert.AreEqual(1, _calls);
    }

    [TestMethod]
    public async Task Other_exceptions_pass_through()
    {
        await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => RunAsync(_ => new InvalidOperationException()));
        Assert.AreEqual(1, _calls);
    }

    private static TeacherFaultException Fault(TeacherFaultKind kind, double? seconds = null) =>
        new(kind, "said", seconds is { } wait ? TimeSpan.FromSeconds(wait) : null);

    private Task<TeacherFaultException> FaultOf(Func<int, Exception?> fault, double random = 0) =>
        Assert.ThrowsExactlyAsync<TeacherFaultException>(() => RunAsync(fault, random));

    private async Task<string> RunAsync(Func<int, Exception?> fault, double random = 0) =>
        (await new Retries(Options, _time, () => random).ExecuteAsync(0, _ => fault(++_calls) is { } thrown
            ? throw thrown : ValueTask.FromResult(new CallResult<string>("done", 0, 0)), CancellationToken.None)).Value;
}
