namespace ML.Pipelines.OnnxRuntime.Tokenization;

/// <summary>Cuts at the matches of a pattern.</summary>
internal sealed class SplitPreTokenizer(CodePointRegex pattern, SplitBehavior behavior, bool invert) : PreTokenizer
{
    protected override void Split(ReadOnlyMemory<char> piece, List<ReadOnlyMemory<char>> result)
    {
        var cuts = Cut(piece.Span);
        switch (behavior)
        {
            case SplitBehavior.Removed: cuts.RemoveAll(cut => cut.IsMatch); break;
            case SplitBehavior.MergedWithPrevious: cuts = MergeWithPrevious(cuts); break;
            case SplitBehavior.MergedWithNext: cuts = MergeWithNext(cuts); break;
            case SplitBehavior.Contiguous: cuts = MergeAdjacent(cuts); break;
        }
        foreach (var cut in cuts)
            result.Add(piece[cut.Start..cut.End]);
    }

    /// <summary>The whole text in matches and gaps.</summary>
    private List<(int Start, int End, bool IsMatch)> Cut(ReadOnlySpan<char> text)
    {
        var matches = new List<(int Start, int Length)>();
        pattern.Match(text, matches);
        var cuts = new List<(int, int, bool)>(matches.Count + 1);
        var position = 0;
        foreach (var (start, length) in matches)
        {
            Add(position, start, invert);
            Add(start, start + length, !invert);
            position = start + length;
        }
        Add(position, text.Length, invert);
        return cuts;

        void Add(int start, int end, bool isMatch)
        {
            if (end > start)
                cuts.Add((start, end, isMatch));
        }
    }

    // Of several matches in a row only the first joins its neighbour, as in the reference implementation.
    private static List<(int Start, int End, bool IsMatch)> MergeWithPrevious(List<(int Start, int End, bool IsMatch)> cuts)
    {
        var merged = new List<(int Start, int End, bool IsMatch)>(cuts.Count);
        var afterMatch = false;
        foreach (var cut in cuts)
        {
            if (cut.IsMatch && !afterMatch && merged.Count > 0)
                merged[^1] = merged[^1] with { End = cut.End };
            else
                merged.Add(cut);
            afterMatch = cut.IsMatch;
        }
        return merged;
    }

    private static List<(int Start, int End, bool IsMatch)> MergeWithNext(List<(int Start, int End, bool IsMatch)> cuts)
    {
        var merged = new List<(int Start, int End, bool IsMatch)>(cuts.Count);
        var beforeMatch = false;
        for (var i = cuts.Count - 1; i >= 0; i--)
        {
            if (cuts[i].IsMatch && !beforeMatch && merged.Count > 0)
                merged[^1] = merged[^1] with { Start = cuts[i].Start };
            else
                merged.Add(cuts[i]);
            beforeMatch = cuts[i].IsMatch;
        }
        merged.Reverse();
        return merged;
    }

    private static List<(int Start, int End, bool IsMatch)> MergeAdjacent(List<(int Start, int End, bool IsMatch)> cuts)
    {
        var merged = new List<(int Start, int End, bool IsMatch)>(cuts.Count);
        foreach (var cut in cuts)
        {
            if (merged.Count > 0 && merged[^1].IsMatch == cut.IsMatch)
                merged[^1] = merged[^1] with { End = cut.End };
            else
                merged.Add(cut);
        }
        return merged;
    }
}
