namespace ML.Pipelines.OnnxRuntime.Tokenization;

/// <summary>Cuts text into the pieces inside which byte pairs are merged.</summary>
internal abstract class PreTokenizer
{
    /// <summary>The pieces of all the pieces, in order; none is empty.</summary>
    public virtual List<ReadOnlyMemory<char>> Split(List<ReadOnlyMemory<char>> pieces)
    {
        var result = new List<ReadOnlyMemory<char>>(pieces.Count * 4);
        foreach (var piece in pieces)
            Split(piece, result);
        return result;
    }

    protected abstract void Split(ReadOnlyMemory<char> piece, List<ReadOnlyMemory<char>> result);
}

/// <summary>One pre-tokenizer after the other.</summary>
internal sealed class SequencePreTokenizer(IReadOnlyList<PreTokenizer> parts) : PreTokenizer
{
    public override List<ReadOnlyMemory<char>> Split(List<ReadOnlyMemory<char>> pieces) =>
        parts.Aggregate(pieces, (current, part) => part.Split(current));

    protected override void Split(ReadOnlyMemory<char> piece, List<ReadOnlyMemory<char>> result) => result.AddRange(Split([piece]));
}

/// <summary>GPT-2's pre-tokenizer; the bytes themselves are mapped by the model.</summary>
internal sealed class ByteLevelPreTokenizer(bool addPrefixSpace, bool useRegex) : PreTokenizer
{
    private static readonly Lazy<SplitPreTokenizer> Words = new(() =>
        new(new CodePointRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"), SplitBehavior.Isolated,
            invert: false));

    protected override void Split(ReadOnlyMemory<char> piece, List<ReadOnlyMemory<char>> result)
    {
        if (addPrefixSpace && piece.Span is not [' ', ..])
            piece = string.Concat(" ", piece.Span).AsMemory();
        if (useRegex)
            result.AddRange(Words.Value.Split([piece]));
        else
            result.Add(piece);
    }
}

/// <summary>What becomes of the matches of a <see cref="SplitPreTokenizer"/>.</summary>
internal enum SplitBehavior
{
    /// <summary>A match is a piece.</summary>
    Isolated,

    /// <summary>A match is dropped.</summary>
    Removed,

    /// <summary>A match ends the piece before it.</summary>
    MergedWithPrevious,

    /// <summary>A match starts the piece after it.</summary>
    MergedWithNext,

    /// <summary>Adjacent matches are one piece.</summary>
    Contiguous,
}
