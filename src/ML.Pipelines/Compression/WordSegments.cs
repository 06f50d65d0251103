namespace ML.Pipelines.Compression;

/// <summary>Groups the words that may go into segments to be left out in turn.</summary>
internal static class WordSegments
{
    /// <summary>
    /// Runs of neighbouring words without a protected one, as ranges of word indices in order. Each has at most the fewest words (1, 2, 4
    /// …) that make no more segments than the limit; where even whole runs are more, those with the most self-information.
    /// </summary>
    public static IReadOnlyList<Range> Of(IReadOnlyList<ChainWord> words, IReadOnlyList<double> information, int limit)
    {
        for (var length = 1; ; length *= 2)
        {
            var pieces = Pieces(words, length);
            if (pieces.Count <= limit) return pieces;
            if (length >= words.Count)
                return [.. pieces.OrderByDescending(piece => Total(information, piece)).Take(limit).OrderBy(piece => piece.Start.Value)];
        }
    }

    private static List<Range> Pieces(IReadOnlyList<ChainWord> words, int length)
    {
        var pieces = new List<Range>();
        for (var start = 0; start < words.Count; start++)
        {
            if (words[start].IsProtected) continue;
            var end = start + 1;
            while (end < words.Count && end - start < length && !words[end].IsProtected) end++;
            pieces.Add(start..end);
            start = end - 1;
        }
        return pieces;
    }

    private static double Total(IReadOnlyList<double> information, Range piece)
    {
        double total = 0;
        for (var i = piece.Start.Value; i < piece.End.Value; i++) total += information[i];
        return total;
    }
}
