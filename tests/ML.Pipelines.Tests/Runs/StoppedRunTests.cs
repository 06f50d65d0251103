using ML.Pipelines.Models;
using ML.Pipelines.Pruning;
using ML.Pipelines.Runs;

namespace ML.Pipelines.Tests.Runs;

/// <summary>A run that is asked to stop takes no more rows, keeps the replies of the calls in flight, and seals what it has whole.</summary>
[TestClass]
public sealed class StoppedRunTests : RunTest
{
    [TestMethod]
    public void The_calls_in_flight_are_answered_and_never_made_again()
    {
        Run("whole");
        var calls = Scorer.Requests.Count;
        using var stop = new CancellationTokenSource();
        Scorer = new() { Noisy = true, Asked = request => StopAt(request, "What is 2?", stop) };
        Assert.Throws<OperationCanceledException>(() => Run(cancellation: stop.Token));
        var before = Scorer.Requests.Count;
        Assert.IsLessThan(calls, before);
        Scorer = new() { Noisy = true };
        Run();
        Assert.AreEqual(calls, before + Scorer.Requests.Count);
        AssertSame(Files("whole"), Files());
    }

    [TestMethod]
    public void A_shard_whose_rows_were_all_taken_is_sealed()
    {
        using var stop = new CancellationTokenSource();
        // The last row of the first shard that is scored: nothing is left to take.
        Scorer = new() { Noisy = true, Asked = request => StopAt(request, "What is 3?", stop) };
        Assert.Throws<OperationCanceledException>(() => Run(cancellation: stop.Token));
        Assert.AreSequenceEqual(["part-00000"], Manifest.Read(Output()).Select(entry => entry.Shard));
    }

    [TestMethod]
    public void A_stop_while_a_threshold_is_learned_keeps_the_scores_so_far()
    {
        var options = new PruningOptions { Ratio = 0.4, Scope = PruningScope.Corpus };
        Run("whole", options);
        var calls = Scorer.Requests.Count;
        using var stop = new CancellationTokenSource();
        Scorer = new() { Noisy = true, Asked = request => StopAt(request, "What is 6?", stop) };
        Assert.Throws<OperationCanceledException>(() => Run(options: options, cancellation: stop.Token));
        var before = Scorer.Requests.Count;
        Scorer = new() { Noisy = true };
        Run(options: options);
        Assert.AreEqual(calls, before + Scorer.Requests.Count);
    }

    private static void StopAt(LeaveOneOutRequest request, string question, CancellationTokenSource stop)
    {
        if (request.Prefix.Contains(question, StringComparison.Ordinal)) stop.Cancel();
    }
}
