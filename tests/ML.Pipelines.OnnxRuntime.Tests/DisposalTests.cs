using ML.Pipelines.Models;

namespace ML.Pipelines.OnnxRuntime.Tests;

[TestClass]
public sealed class DisposalTests
{
    private static readonly LeaveOneOutRequest Request = new()
    {
        Prefix = "Question: 1 + 1?\n",
        Segments = [.. Enumerable.Range(0, 60).Select(i => $"Step {i}: one and one is two, as everyone knows.\n")],
        Suffix = "Final answer: ",
        Continuation = "2",
        LeaveOut = [.. Enumerable.Range(0, 60)],
    };

    [TestMethod]
    public async Task Disposing_waits_for_running_calls_and_refuses_new_ones()
    {
        var scorer = OnnxLanguageScorer.CreateBundled();
        using var cancellation = new CancellationTokenSource();
        var calls = Enumerable.Range(0, 4).Select(_ => scorer.LeaveOneOutAsync(Request, cancellation.Token).AsTask()).ToArray();
        while (scorer.Statistics.Requests == 0 && !calls.Any(call => call.IsCompleted)) await Task.Yield();
        await cancellation.CancelAsync();
        scorer.Dispose();
        foreach (var call in calls) await Ended(call);
        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(async () => await scorer.LeaveOneOutAsync(Request));
    }

    private static async Task Ended(Task<LeaveOneOutResult> call)
    {
        try
        {
            await call;
        }
        catch (Exception fault) when (fault is OperationCanceledException or ObjectDisposedException)
        {
        }
    }
}
