using System.Collections.Frozen;

namespace ML.Pipelines.Text;

/// <summary>The marker that a sentence opens with.</summary>
internal static class StepOpening
{
    private const int MaxLeadIns = 3;
    private const int MaxLeadInLength = 8;

    private static readonly FrozenSet<string> LeadIns = new[]
    {
        "but", "so", "oh", "ok", "okay", "hmm", "hm", "ah", "and", "actually", "now", "yes", "no", "yeah", "or", "well", "then", "again",
        "also",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The marker at the start of a sentence, after lead-ins such as "But" and "Hmm,": a verification, multi-method or correction marker
    /// before a progressive one; null when there is none.
    /// </summary>
    public static MarkerMatch? Find(StepMarkers markers, string text, int start, int end)
    {
        MarkerMatch? progressive = null;
        int at = FirstWord(text, start, end);
        for (int leadIns = 0; leadIns <= MaxLeadIns && at < end; leadIns++)
        {
            MarkerMatch? match = markers.MatchAt(text, at, end);
            if (match is { Category: not StepCategory.Progressive }) return match;
            progressive ??= match;
            int wordEnd = WordEnd(text, at, end);
            if (!IsLeadIn(text.AsSpan(at, wordEnd - at))) break;
            at = FirstWord(text, wordEnd, end);
        }
        return progressive;
    }

    private static bool IsLeadIn(ReadOnlySpan<char> word) => LeadIns.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);

    private static int FirstWord(string text, int start, int end)
    {
        int at = start;
        while (at < end && !char.IsLetterOrDigit(text[at]) && text[at] is not ('\\' or '$' or '`')) at++;
        return at;
    }

    private static int WordEnd(string text, int start, int end)
    {
        int at = start, limit = Math.Min(end, start + MaxLeadInLength + 1);
        while (at < limit && char.IsLetter(text[at])) at++;
        return at;
    }
}
