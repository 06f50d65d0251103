using ML.Pipelines.Stages;
using ML.Pipelines.Text;

namespace ML.Pipelines.Compression;

/// <summary>
/// Drops the words of a chain that carry least until a rate is met (Selective Context, arXiv 2310.06201; the budget over words and the
/// protected numbers of TokenSkip, arXiv 2502.12067). Numbers, operators, negations, formulas, the answer and given spans stay.
/// </summary>
/// <remarks>
/// <para>A word's self-information is the sum of -log p of its tokens, given the question and all before it (nats). Its importance is by
/// how much the answer's mean negative log-likelihood rises when its segment is left out (nats per answer token). With an answer, the chain
/// is cut once by self-information and once by importance + w x self-information for each weight w; the cut with the most likely answer
/// stays, of equals the first. All is deterministic.</para>
/// <para>Model passes a row: one over the chain, one for each left-out segment over what follows it, one for each cut that
/// differs.</para>
/// </remarks>
/// <param name="scorer">Where self-information and likelihoods come from.</param>
/// <param name="options">Method, what is protected.</param>
/// <param name="rate">The share of words to take out, 0 to 1.</param>
public sealed class SelfInformationCompressor(IWordScorer scorer, WordChoiceOptions options, double rate)
{
    private const double Points = .02;

    /// <summary>A compressor with the options' rate.</summary>
    /// <param name="scorer">Where self-information and likelihoods come from.</param>
    /// <param name="options">Rate, method, what is protected.</param>
    public SelfInformationCompressor(IWordScorer scorer, CompressionOptions options) : this(scorer, options, options.Rate) { }

    /// <summary>Compresses a chain.</summary>
    /// <param name="row">The chain with its question and answer.</param>
    /// <param name="cancellationToken">Cancels between model calls.</param>
    /// <returns>Kept with its evidence, or quarantined with <see cref="ErrorCode.ContextOverflow"/>,
    /// <see cref="ErrorCode.TokenOutOfRange"/> or <see cref="ErrorCode.NotFinite"/>.</returns>
    public async ValueTask<StageOutcome<CompressedChain>> CompressAsync(CompressionRow row, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(row);
        options.Validate();
        var answer = string.IsNullOrWhiteSpace(row.Answer) ? AnswerExtractor.Extract(row.Chain) : row.Answer;
        var given = ProtectedWords.Occurrences(row.Chain, options.ProtectedPhrases.Concat(row.ProtectedPhrases));
        var words = ProtectedWords.Of(row.Chain, answer, given);
        var isOpen = words.Count(word => word.IsProtected) < words.Count && WordSelection.KeptCount(words, rate) < words.Count;
        if (!isOpen || options.Method == CompressionMethod.Random)
            return Kept(row, words, new([], []), WordSelection.Keep(words, RandomValues(row, words), rate), null);
        return await ScoredAsync(row, words, options.Method == CompressionMethod.AnswerAware ? answer : null, cancellationToken)
            .ConfigureAwait(false);
    }

    private async ValueTask<StageOutcome<CompressedChain>> ScoredAsync(
        CompressionRow row, IReadOnlyList<ChainWord> words, string? answer, CancellationToken cancellationToken)
    {
        var prefix = options.Prefix.Replace("{question}", row.Question, StringComparison.Ordinal);
        var request = new WordScoringRequest(row.Id, prefix, row.Chain, words, options.Bridge, answer, options.MaxSegments);
        var scores = await scorer.ScoreWordsAsync(request, cancellationToken).ConfigureAwait(false);
        if (scores.Error is { } error) return StageOutcome<CompressedChain>.Quarantined(error);
        if (answer is null) return Kept(row, words, scores, WordSelection.Keep(words, scores.Information, rate), null);
        var (best, loss) = (Array.Empty<bool>(), double.PositiveInfinity);
        foreach (var (keep, text) in Cuts(row, words, scores))
        {
            var asked = new AnswerScoringRequest(row.Id, prefix, text, options.Bridge, answer);
            var score = await scorer.ScoreAnswerAsync(asked, cancellationToken).ConfigureAwait(false);
            if (score.Error is { } fault) return StageOutcome<CompressedChain>.Quarantined(fault);
            if (score.Loss < loss) (best, loss) = (keep, score.Loss);
        }
        return Kept(row, words, scores, best, loss);
    }

    private IEnumerable<(bool[] Keep, string Text)> Cuts(CompressionRow row, IReadOnlyList<ChainWord> words, WordScores scores) =>
        options.InformationWeights
            .Select(weight => scores.Importance.Zip(scores.Information, (i, s) => i + weight * s).ToArray())
            .Prepend([.. scores.Information])
            .Select(values => WordSelection.Keep(words, values, rate))
            .Select(keep => (keep, WordSelection.Text(row.Chain, words, keep)))
            .DistinctBy(cut => cut.Item2);

    private StageOutcome<CompressedChain> Kept(
        CompressionRow row, IReadOnlyList<ChainWord> words, WordScores scores, bool[] keep, double? loss)
    {
        var text = WordSelection.Text(row.Chain, words, keep);
        var count = keep.Count(kept => kept);
        return StageOutcome<CompressedChain>.Kept(new CompressedChain(
            text, rate, words.Count, count, scorer.CountTokens(row.Chain), scorer.CountTokens(text),
            Dropped(words, keep, scores), scores.AnswerLoss, loss, Note(words, count)));
    }

    private string? Note(IReadOnlyList<ChainWord> words, int kept)
    {
        if (words.Count == 0 || Math.Abs((double)kept / words.Count - (1 - rate)) <= Points + 1e-12) return null;
        var isForced = kept == words.Count(word => word.IsProtected) && kept > (1 - rate) * words.Count;
        return isForced ? CompressedChain.ProtectedNote : CompressedChain.WholeWordsNote;
    }

    private static List<DroppedSpan> Dropped(IReadOnlyList<ChainWord> words, bool[] keep, WordScores scores)
    {
        var spans = new List<DroppedSpan>();
        for (var start = 0; start < keep.Length; start++)
        {
            if (keep[start]) continue;
            var end = start + 1;
            while (end < keep.Length && !keep[end]) end++;
            spans.Add(new(words[start].Span.Start, words[end - 1].Span.End, end - start, Sum(scores.Information, start, end),
                scores.AnswerLoss is null ? null : Sum(scores.Importance, start, end)));
            start = end;
        }
        return spans;
    }

    private static double? Sum(IReadOnlyList<double> values, int start, int end) =>
        values.Count == 0 ? null : values.Skip(start).Take(end - start).Sum();

    private double[] RandomValues(CompressionRow row, IReadOnlyList<ChainWord> words)
    {
        var random = RowRandom.For(options.Seed, row.Id);
        return [.. words.Select(_ => random.NextDouble())];
    }
}
