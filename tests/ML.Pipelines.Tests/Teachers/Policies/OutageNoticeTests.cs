using Microsoft.Extensions.Time.Testing;
using ML.Pipelines.Teachers;
using ML.Pipelines.Teachers.Policies;

namespace ML.Pipelines.Tests.Teachers.Policies;

[TestClass]
public sealed class OutageNoticeTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _notices = [];
    private readonly OutageNotice _policy;

    public OutageNoticeTests() => _policy = new(new() { Notice = _notices.Add }, "m", _time);

    [TestMethod]
    public async Task Failures_for_a_while_without_a_success_are_told_twice_a_minute()
    {
        for (var second = 0; second < 65; second++)
        {
            await FailAsync(TeacherFaultKind.Unreachable);
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.AreSequenceEqual(
            [
                "m: no call has succeeded for 5 s; calls are made again. said",
                "m: no call has succeeded for 35 s; calls are made again. said",
            ], _notices);
    }

    [TestMethod]
    public async Task Failures_among_successes_are_not_told()
    {
        for (var second = 0; second < 100; second++)
        {
            await FailAsync(TeacherFaultKind.Throttled);
            _time.Advance(TimeSpan.FromSeconds(1));
            if (second % 4 == 3) Assert.IsTrue((await _policy.ExecuteAsync(0, _ => ValueTask.FromResult(new CallResult<bool>(true, 0, 0)), CancellationToken.None)).Value);
        }
        Assert.IsEmpty(_notices);
    }

    [TestMethod]
    public async Task What_is_not_made_again_is_not_told()
    {
        for (var second = 0; second < 20; second++)
        {
            await FailAsync(TeacherFaultKind.BadRequest);
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.IsEmpty(_notices);
    }

    private async Task FailAsync(TeacherFaultKind kind) => await Assert.ThrowsExactlyAsync<TeacherFaultException>(() =>
        _policy.ExecuteAsync<bool>(0, _ => throw new TeacherFaultException(kind, "said"), CancellationToken.None).AsTask());
}
