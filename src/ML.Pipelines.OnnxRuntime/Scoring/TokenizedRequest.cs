using ML.Pipelines.Models;

namespace ML.Pipelines.OnnxRuntime.Scoring;

/// <summary>The token ids of a request: begin of text, prefix, segments, suffix and continuation in one row.</summary>
/// <param name="Ids">All ids.</param>
/// <param name="SegmentStarts">The index of each segment's first id, and the end of the last segment.</param>
/// <param name="Answer">The number of ids of the continuation, at the end.</param>
internal sealed record TokenizedRequest(IReadOnlyList<int> Ids, IReadOnlyList<int> SegmentStarts, int Answer)
{
    /// <summary>The number of ids before the continuation.</summary>
    public int Context => Ids.Count - Answer;

    public IReadOnlyList<int> SegmentTokens => [.. SegmentStarts.Skip(1).Select((end, i) => end - SegmentStarts[i])];

    /// <exception cref="ArgumentException">As <see cref="ILanguageScorer.LeaveOneOutAsync"/>.</exception>
    public static TokenizedRequest Create(ITokenizer tokenizer, int? beginOfText, LeaveOneOutRequest request)
    {
        var ids = new List<int>();
        if (beginOfText is { } begin)
            ids.Add(begin);
        tokenizer.Encode(request.Prefix, ids);
        var starts = new List<int> { ids.Count };
        foreach (var segment in request.Segments)
        {
            tokenizer.Encode(segment, ids);
            starts.Add(ids.Count);
        }
        tokenizer.Encode(request.Suffix, ids);
        var context = ids.Count;
        tokenizer.Encode(request.Continuation, ids);
        var tokens = new TokenizedRequest(ids, starts, ids.Count - context);
        tokens.Validate(request);
        return tokens;
    }

    /// <summary>The whole chain, or the chain without a segment, as what is to be forwarded.</summary>
    /// <param name="segment">The segment to leave out; null for none.</param>
    /// <param name="sharesPrefix">Whether the tokens before the segment are already in a cache.</param>
    public ScoredSequence Sequence(int? segment, bool sharesPrefix)
    {
        var (start, end) = segment is { } i ? (SegmentStarts[i], SegmentStarts[i + 1]) : (0, 0);
        var context = Context - (end - start);
        // The last token of the context is forwarded even where it is cached: its logits score the continuation's first token.
        var past = sharesPrefix ? Math.Min(start, context - 1) : 0;
        return new(segment, start, end - start, past, context - past + Answer - 1);
    }

    private void Validate(LeaveOneOutRequest request)
    {
        if (Answer == 0)
            throw new ArgumentException("The continuation has no tokens.", nameof(request));
        for (var i = 0; i < request.LeaveOut.Count; i++)
        {
            if (request.LeaveOut[i] < 0 || request.LeaveOut[i] >= request.Segments.Count
                || (i > 0 && request.LeaveOut[i] <= request.LeaveOut[i - 1]))
                throw new ArgumentException(
                    $"LeaveOut[{i}] = {request.LeaveOut[i]} is not an ascending index into {request.Segments.Count} segments.",
                    nameof(request));
        }
        if (Context == 0 || request.LeaveOut.Any(i => Sequence(i, sharesPrefix: false).Length < Answer))
            throw new ArgumentException(
                "The context has no tokens, and the model no begin-of-text token: nothing predicts the continuation.", nameof(request));
    }
}

/// <summary>A chain with at most one segment left out, and which of its tokens are forwarded.</summary>
/// <param name="Segment">The segment that is left out; null for the whole chain.</param>
/// <param name="CutStart">Where the tokens that are left out start.</param>
/// <param name="CutLength">How many are left out.</param>
/// <param name="Past">The tokens at the start that come from the cache.</param>
/// <param name="Length">The tokens after those, which are forwarded; the last token of the continuation is not, nothing follows it.</param>
internal sealed record ScoredSequence(int? Segment, int CutStart, int CutLength, int Past, int Length)
{
    /// <summary>The index into the whole chain's ids of a forwarded token.</summary>
    public int Source(int position) => Past + position < CutStart ? Past + position : Past + position + CutLength;
}
