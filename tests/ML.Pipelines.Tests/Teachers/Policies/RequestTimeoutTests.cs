using Microsoft.Extensions.Time.Testing;
using ML.Pipelines.Teachers;
using ML.Pipelines.Teachers.Policies;

namespace ML.Pipelines.Tests.Teachers.Policies;

[TestClass]
public sealed class RequestTimeoutTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RequestTimeout _policy;

    public RequestTimeoutTests() => _policy = new(TimeSpan.FromSeconds(5), "m", _time);

    [TestMethod]
    public async Task A_request_that_hangs_ends_as_a_timeout()
    {
        var call = _policy.ExecuteAsync(0, HangAsync, CancellationToken.None).AsTask();
        _time.Advance(TimeSpan.FromSeconds(5));
        var fault = await Assert.ThrowsExactlyAsync<TeacherFaultException>(() => call);
        Assert.AreEqual(TeacherFaultKind.Timeout, fault.Kind);
        Assert.Contains("within 5 s", fault.Message);
    }

    [TestMethod]
    public async Task A_connection_that_breaks_because_the_time_is_over_is_a_timeout()
    {
        var call = _policy.ExecuteAsync<bool>(0, async token =>
        {
            try
            {
                return await HangAsync(token);
            }
            catch (OperationCanceledException)
            {
                throw new TeacherFaultException(TeacherFaultKind.BrokenReply, "cut");
            }
        }, CancellationToken.None).AsTask();
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.AreEqual(TeacherFaultKind.Timeout, (await Assert.ThrowsExactlyAsync<TeacherFaultException>(() => call)).Kind);
    }

    [TestMethod]
    public async Task A_request_that_is_cancelled_is_no_timeout()
    {
        using var source = new CancellationTokenSource();
        var call = _policy.ExecuteAsync(0, HangAsync, source.Token).AsTask();
        await source.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => call);
    }

    private static async ValueTask<CallResult<bool>> HangAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return default;
    }
}
