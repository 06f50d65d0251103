namespace ML.Pipelines.Models;

/// <summary>Counts the tokens that a model would read, without asking it: for a plan's estimate. All log-probabilities are 0.</summary>
/// <param name="scorer">Counts tokens; it is not asked for scores, and stays the caller's to dispose of.</param>
public sealed class EstimatingLanguageScorer(ILanguageScorer scorer) : ILanguageScorer, ITextScorer
{
    /// <inheritdoc/>
    public ScorerInfo Info => scorer.Info;

    /// <inheritdoc/>
    public int CountTokens(string text) => scorer.CountTokens(text);

    /// <inheritdoc/>
    /// <remarks>The chain once, and for each left-out segment what follows it, as with a cache. Nothing follows the continuation's last
    /// token, and a begin-of-text token stands before the first.</remarks>
    public ValueTask<LeaveOneOutResult> LeaveOneOutAsync(LeaveOneOutRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        int[] segments = [.. request.Segments.Select(CountTokens)];
        var end = CountTokens(request.Suffix) + CountTokens(request.Continuation) - 1;
        var read = 1L + CountTokens(request.Prefix) + segments.Sum() + end;
        var overflow = Overflow(read + 1);
        foreach (var segment in request.LeaveOut) read += end + segments[(segment + 1)..].Sum();
        return new(new LeaveOneOutResult
        {
            SegmentTokens = segments,
            Full = [0],
            Without = [.. request.LeaveOut.Select(_ => (double[])[0])],
            InputTokens = read,
            Overflow = overflow,
        });
    }

    /// <inheritdoc/>
    /// <remarks>No token has a score.</remarks>
    public ValueTask<TextScores> ScoreTextAsync(string context, string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(text);
        var read = (long)CountTokens(context) + CountTokens(text);
        return new(new TextScores { Tokens = [], InputTokens = read, Overflow = Overflow(read + 1) });
    }

    /// <inheritdoc/>
    public void Dispose() { }

    private ContextOverflow? Overflow(long tokens) => tokens > Info.ContextLength ? new((int)tokens, Info.ContextLength) : null;
}
