using System.Globalization;
using System.Text.RegularExpressions;

namespace ML.Pipelines.OnnxRuntime.Tokenization;

/// <summary>A regular expression of a tokenizer file (Oniguruma's syntax) matched by code points instead of UTF-16 units.</summary>
/// <remarks>
/// .NET's character classes see the two halves of an astral character. Matching therefore runs on a shadow of the text in which every
/// astral character is one character of the same general category, and matches are mapped back. Classes hold no astral literals.
/// </remarks>
internal sealed class CodePointRegex
{
    // One rarely named character for each general category, in the order of UnicodeCategory.
    internal const string Shadows =
        "\u0200\u0201\u01C5\uA4F8\u0D85\u0DCA\u0903\u0489\u0D66\u16EE\u0D70\u1680\u2028\u2029\u0085"
        + "\u2060\uD800\uF8F0\u203F\u301C\u0F3A\u0F3B\u2E02\u2E03\u0DF4\u2230\u20B3\uA700\u0D4F\u0378";
    private readonly Regex _regex;

    /// <summary>Compiles the pattern.</summary>
    /// <exception cref="ArgumentException">The pattern uses something that .NET's engine does not have.</exception>
    public CodePointRegex(string pattern) =>
        _regex = new Regex(OnigurumaPattern.Translate(pattern), RegexOptions.Compiled | RegexOptions.CultureInvariant);

    /// <summary>Appends the matches as (start, length) in UTF-16 units.</summary>
    public void Match(ReadOnlySpan<char> text, List<(int Start, int Length)> matches)
    {
        if (text.IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
            MatchUnits(text, matches);
        else
            MatchShadow(text, matches);
    }

    private void MatchUnits(ReadOnlySpan<char> text, List<(int Start, int Length)> matches)
    {
        foreach (var match in _regex.EnumerateMatches(text))
            matches.Add((match.Index, match.Length));
    }

    private void MatchShadow(ReadOnlySpan<char> text, List<(int Start, int Length)> matches)
    {
        var shadow = new char[text.Length];
        var offsets = new int[text.Length + 1];
        var count = CastShadow(text, shadow, offsets);
        foreach (var match in _regex.EnumerateMatches(shadow.AsSpan(0, count)))
            matches.Add((offsets[match.Index], offsets[match.Index + match.Length] - offsets[match.Index]));
    }

    private static int CastShadow(ReadOnlySpan<char> text, char[] shadow, int[] offsets)
    {
        int count = 0, offset = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            offsets[count] = offset;
            shadow[count++] = rune.IsBmp ? (char)rune.Value : Shadows[(int)CharUnicodeInfo.GetUnicodeCategory(rune.Value)];
            offset += rune.Utf16SequenceLength;
        }
        offsets[count] = offset;
        return count;
    }
}
