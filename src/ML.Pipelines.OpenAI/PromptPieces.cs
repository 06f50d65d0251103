using System.Globalization;
using System.Text;
using System.Text.Json;
using ML.Pipelines.Models;

namespace ML.Pipelines.OpenAI;

/// <summary>The pieces of a request as a server takes them: ids of a tokenizer, or text where there is none.</summary>
internal abstract class PromptPieces
{
    /// <summary>UTF-8 bytes a token of ordinary text, where no tokenizer tells.</summary>
    private const int BytesPerToken = 4;

    /// <exception cref="ArgumentException">As <see cref="ILanguageScorer.LeaveOneOutAsync"/>.</exception>
    public static PromptPieces Of(LeaveOneOutRequest request, CompletionsScorerOptions options)
    {
        PromptPieces pieces = options.Tokenizer is { } tokenizer
            ? new TokenPieces(request, tokenizer, options.BeginOfText is { } begin ? tokenizer.SpecialTokenId(begin) : null)
            : new TextPieces(request);
        pieces.Validate(request);
        return pieces;
    }

    /// <summary>A text behind a context.</summary>
    /// <exception cref="ArgumentException">As <see cref="ITextScorer.ScoreTextAsync"/>.</exception>
    public static PromptPieces OfText(string context, TokenizedText text, CompletionsScorerOptions options)
    {
        var tokenizer = options.Tokenizer!;
        var pieces = new TokenPieces(context, text.Ids, tokenizer, options.BeginOfText is { } begin ? tokenizer.SpecialTokenId(begin) : null);
        if (!pieces.HasContext(null))
            throw new ArgumentException("The context has no tokens, and no begin-of-text token is given: nothing predicts the text.", nameof(context));
        return pieces;
    }

    /// <summary>About how many tokens a text has.</summary>
    public static int Estimate(string text) => (Encoding.UTF8.GetByteCount(text) + BytesPerToken - 1) / BytesPerToken;

    /// <summary>Tokens of each segment; estimates for text.</summary>
    public abstract IReadOnlyList<int> SegmentTokens { get; }

    /// <summary>Tokens of the whole chain; an estimate for text.</summary>
    public abstract int Tokens { get; }

    /// <summary>Whether the numbers of tokens are the model's.</summary>
    public abstract bool IsExact { get; }

    /// <summary>Writes the prompt of the chain without a segment, or with all where that is null.</summary>
    public abstract void WritePrompt(Utf8JsonWriter writer, int? without);

    /// <summary>The number of tokens at the end of an echoed prompt that are the continuation's.</summary>
    /// <param name="tokens">The prompt's tokens as the server spells them.</param>
    public abstract int ContinuationTokens(IReadOnlyList<string> tokens);

    /// <summary>The prompt's tokens without a segment; null where only the server knows.</summary>
    public abstract int? PromptTokens(int? without);

    /// <summary>Whether something stands before the continuation without a segment.</summary>
    protected abstract bool HasContext(int? without);

    protected abstract bool HasContinuation { get; }

    private void Validate(LeaveOneOutRequest request)
    {
        if (!HasContinuation) throw new ArgumentException("The continuation has no tokens.", nameof(request));
        for (var i = 0; i < request.LeaveOut.Count; i++)
        {
            var index = request.LeaveOut[i];
            if (index < 0 || index >= request.Segments.Count || (i > 0 && index <= request.LeaveOut[i - 1]))
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"LeaveOut[{i}] = {index} is not an ascending index into {request.Segments.Count} segments."), nameof(request));
        }
        if (!HasContext(null) || request.LeaveOut.Any(segment => !HasContext(segment)))
            throw new ArgumentException(
                "The context has no tokens, and no begin-of-text token is given: nothing predicts the continuation.", nameof(request));
    }
}

/// <summary>Pieces as token ids.</summary>
internal sealed class TokenPieces : PromptPieces
{
    private readonly List<int> _before = [];
    private readonly List<int>[] _segments;
    private readonly List<int> _after = [];
    private readonly List<int> _continuation = [];

    public TokenPieces(LeaveOneOutRequest request, ITokenizer tokenizer, int? beginOfText)
    {
        if (beginOfText is { } begin) _before.Add(begin);
        tokenizer.Encode(request.Prefix, _before);
        _segments = [.. request.Segments.Select(segment => Encode(tokenizer, segment))];
        tokenizer.Encode(request.Suffix, _after);
        tokenizer.Encode(request.Continuation, _continuation);
    }

    public TokenPieces(string context, IReadOnlyList<int> text, ITokenizer tokenizer, int? beginOfText)
    {
        if (beginOfText is { } begin) _before.Add(begin);
        tokenizer.Encode(context, _before);
        _segments = [];
        _continuation.AddRange(text);
    }

    public override IReadOnlyList<int> SegmentTokens => [.. _segments.Select(segment => segment.Count)];

    public override int Tokens => Count(null);

    public override bool IsExact => true;

    protected override bool HasContinuation => _continuation.Count > 0;

    public override void WritePrompt(Utf8JsonWriter writer, int? without)
    {
        writer.WriteStartArray();
        foreach (var ids in (IEnumerable<List<int>>)[_before, .. _segments.Where((_, i) => i != without), _after, _continuation])
            foreach (var id in ids) writer.WriteNumberValue(id);
        writer.WriteEndArray();
    }

    public override int ContinuationTokens(IReadOnlyList<string> tokens) => _continuation.Count;

    public override int? PromptTokens(int? without) => Count(without);

    protected override bool HasContext(int? without) => Count(without) > _continuation.Count;

    private int Count(int? without) =>
        _before.Count + _segments.Where((_, i) => i != without).Sum(segment => segment.Count) + _after.Count + _continuation.Count;

    private static List<int> Encode(ITokenizer tokenizer, string text)
    {
        var ids = new List<int>();
        tokenizer.Encode(text, ids);
        return ids;
    }
}

/// <summary>Pieces as text: tokens may join over the pieces' edges, so that leaving one out may change its neighbours' tokens.</summary>
internal sealed class TextPieces(LeaveOneOutRequest request) : PromptPieces
{
    public override IReadOnlyList<int> SegmentTokens => [.. request.Segments.Select(Estimate)];

    public override int Tokens => Estimate(Text(null));

    public override bool IsExact => false;

    protected override bool HasContinuation => request.Continuation.Length > 0;

    public override void WritePrompt(Utf8JsonWriter writer, int? without) => writer.WriteStringValue(Text(without));

    /// <remarks>Counted from the end, since servers put tokens of their own first. A token over the edge is the continuation's.</remarks>
    public override int ContinuationTokens(IReadOnlyList<string> tokens)
    {
        var (left, count) = (request.Continuation.EnumerateRunes().Count(), 0);
        while (left > 0 && count < tokens.Count) left -= tokens[^++count].EnumerateRunes().Count();
        return count;
    }

    public override int? PromptTokens(int? without) => null;

    protected override bool HasContext(int? without) => Text(without).Length > request.Continuation.Length;

    private string Text(int? without) =>
        request.Prefix + string.Concat(request.Segments.Where((_, i) => i != without)) + request.Suffix + request.Continuation;
}
