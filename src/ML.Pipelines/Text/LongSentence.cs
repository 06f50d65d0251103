namespace ML.Pipelines.Text;

/// <summary>Where a sentence that is too long is cut.</summary>
internal static class LongSentence
{
    /// <summary>
    /// The offset of the cut: after the last space in the second half of the allowed length, else between two characters; never inside a
    /// formula or code block.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="regions">Its formulas and code, none longer than <paramref name="maxLength"/>.</param>
    /// <param name="start">Where the sentence starts.</param>
    /// <param name="maxLength">Most UTF-16 code units before the cut; the sentence is longer.</param>
    public static int Cut(string text, List<ProtectedRegion> regions, int start, int maxLength)
    {
        int latest = start + maxLength;
        int index = LastRegionBefore(regions, latest);
        int regionEnd = index < 0 ? 0 : regions[index].End;
        if (regionEnd > latest && regions[index].Start > start) return regions[index].Start;
        int earliest = Math.Max(start + (maxLength / 2), regionEnd);
        return CutAfterSpace(text, earliest, latest) ?? (CharacterRuns.IsCuttable(text, latest) ? latest : latest - 1);
    }

    /// <summary>The index of the last region that starts before an offset, or -1.</summary>
    public static int LastRegionBefore(List<ProtectedRegion> regions, int offset)
    {
        int low = 0, high = regions.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (regions[middle].Start < offset) low = middle + 1;
            else high = middle;
        }
        return low - 1;
    }

    private static int? CutAfterSpace(string text, int earliest, int latest)
    {
        for (int at = latest; at > earliest; at--)
            if (char.IsWhiteSpace(text[at - 1]) && CharacterRuns.IsCuttable(text, at)) return at;
        return null;
    }
}
