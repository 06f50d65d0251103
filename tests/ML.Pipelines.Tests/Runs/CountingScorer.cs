using ML.Pipelines.Models;
using ML.Pipelines.Tests.Pruning;

namespace ML.Pipelines.Tests.Runs;

/// <summary>A scorer that only counts tokens, as another one does.</summary>
internal sealed class CountingScorer(FakeScorer inner) : ILanguageScorer
{
    public bool WasAsked { get; private set; }

    public ScorerInfo Info => inner.Info;

    public int CountTokens(string text) => inner.CountTokens(text);

    public ValueTask<LeaveOneOutResult> LeaveOneOutAsync(LeaveOneOutRequest request, CancellationToken cancellationToken = default)
    {
        WasAsked = true;
        return inner.LeaveOneOutAsync(request, cancellationToken);
    }

    public void Dispose() { }

    /// <summary>The tokens that a scorer with a cache reads: the chain once, and what follows each left-out segment.</summary>
    public static long TokensOf(LeaveOneOutRequest request)
    {
        using var counter = new FakeScorer();
        var end = counter.CountTokens(request.Suffix) + counter.CountTokens(request.Continuation) - 1;
        int Segments(int from) => request.Segments.Skip(from).Sum(counter.CountTokens);
        return 1 + counter.CountTokens(request.Prefix) + Segments(0) + end + request.LeaveOut.Sum(step => Segments(step + 1) + end);
    }
}
