using System.Buffers;

namespace ML.Pipelines.Text;

/// <summary>Finds the formulas and code of a text, in one pass.</summary>
/// <remarks>
/// <para>What closes what:</para>
/// <list type="bullet">
/// <item><c>$…$</c>, <c>$$…$$</c>, <c>\(…\)</c> and inline code close within their paragraph (TeX allows no blank line in a
/// formula).</item>
/// <item><c>\[…\]</c> closes before another <c>\[</c>; environments and code fences by their own rules.</item>
/// <item><c>$</c> pairs with the next <c>$</c>, by Pandoc's rule: no space inside only one of them, no digit after the second;
/// <c>$5 … 10$</c> with a sentence end in between is two prices.</item>
/// <item>No region is longer than the limit. What does not close is ordinary text.</item>
/// </list>
/// </remarks>
internal sealed class ProtectedRegions
{
    private static readonly SearchValues<char> Openers = SearchValues.Create("\\$`~");

    private readonly string _text;
    private readonly int _maxLength;
    private readonly Dictionary<int, int> _fences;
    private readonly Dictionary<int, int> _environments;
    private readonly NextOccurrence _displayOpen;
    private readonly NextOccurrence _displayClose;
    private readonly NextOccurrence _inlineClose;
    private int _paragraphEnd = -1;

    private ProtectedRegions(string text, int maxLength)
    {
        (_text, _maxLength) = (text, maxLength);
        (_fences, _environments) = (CodeFences.Find(text), LatexEnvironments.Find(text));
        _displayOpen = new NextOccurrence(text, @"\[");
        _displayClose = new NextOccurrence(text, @"\]");
        _inlineClose = new NextOccurrence(text, @"\)");
    }

    /// <summary>The outermost regions in order, disjoint, none longer than a limit.</summary>
    public static List<ProtectedRegion> Find(string text, int maxLength) => new ProtectedRegions(text, maxLength).Scan();

    private List<ProtectedRegion> Scan()
    {
        var regions = new List<ProtectedRegion>();
        for (int at = NextOpener(0); at < _text.Length; at = NextOpener(at))
        {
            if (RegionAt(at) is { } region && region.End - at <= _maxLength)
            {
                regions.Add(region);
                at = region.End;
            }
            else at += OpenerLength(at);
        }
        return regions;
    }

    private int NextOpener(int start)
    {
        if (start >= _text.Length) return _text.Length;
        int offset = _text.AsSpan(start).IndexOfAny(Openers);
        return offset < 0 ? _text.Length : start + offset;
    }

    // An escaped character opens nothing; a run of dollars or backticks that opens nothing is passed over whole.
    private int OpenerLength(int at) =>
        _text[at] == '\\' ? Math.Min(2, _text.Length - at) : CharacterRuns.Length(_text.AsSpan(at), _text[at]);

    private ProtectedRegion? RegionAt(int at)
    {
        if (_fences.TryGetValue(at, out int fenceEnd)) return new ProtectedRegion(at, fenceEnd, IsDisplay: true);
        return _text[at] switch
        {
            '\\' => CommandAt(at),
            '$' => DollarsAt(at),
            '`' => InlineCodeAt(at),
            _ => null,
        };
    }

    private ProtectedRegion? CommandAt(int at)
    {
        if (_environments.TryGetValue(at, out int end)) return new ProtectedRegion(at, end, IsDisplay: true);
        if (CharacterRuns.IsAt(_text, at + 1, '[')) return DisplayAt(at);
        if (!CharacterRuns.IsAt(_text, at + 1, '(')) return null;
        int close = _inlineClose.From(at + 2);
        return close < ParagraphEnd(at) ? new ProtectedRegion(at, close + 2, IsDisplay: false) : null;
    }

    private ProtectedRegion? DisplayAt(int at)
    {
        int close = _displayClose.From(at + 2);
        bool closes = close < _text.Length && _displayOpen.From(at + 2) > close;
        return closes ? new ProtectedRegion(at, close + 2, IsDisplay: true) : null;
    }

    private ProtectedRegion? DollarsAt(int at)
    {
        bool isDisplay = CharacterRuns.IsAt(_text, at + 1, '$');
        int start = at + (isDisplay ? 2 : 1);
        int close = NextDollar(start, ParagraphEnd(at));
        if (close <= start) return null;
        if (isDisplay) return CharacterRuns.IsAt(_text, close + 1, '$') ? new ProtectedRegion(at, close + 2, true) : null;
        return IsFormula(start, close) ? new ProtectedRegion(at, close + 1, false) : null;
    }

    private int NextDollar(int start, int end)
    {
        for (int at = start; at < end; at++)
        {
            if (_text[at] == '$') return at;
            if (_text[at] == '\\') at++;
        }
        return -1;
    }

    private bool IsFormula(int start, int close)
    {
        bool spaceInside = char.IsWhiteSpace(_text[start]), spaceBeforeClose = char.IsWhiteSpace(_text[close - 1]);
        bool digitAfter = close + 1 < _text.Length && char.IsAsciiDigit(_text[close + 1]);
        if (spaceInside != spaceBeforeClose || digitAfter || CharacterRuns.IsAt(_text, close + 1, '$')) return false;
        return !(char.IsAsciiDigit(_text[start]) && HasSentenceEnd(_text.AsSpan(start, close - start)));
    }

    private static bool HasSentenceEnd(ReadOnlySpan<char> content)
    {
        for (int at = content.IndexOf(". "); at >= 0 && at + 2 < content.Length; at++)
            if (content[at] == '.' && content[at + 1] == ' ' && char.IsAsciiLetterUpper(content[at + 2])) return true;
        return false;
    }

    private ProtectedRegion? InlineCodeAt(int at)
    {
        int length = CharacterRuns.Length(_text.AsSpan(at), '`');
        int end = ParagraphEnd(at);
        for (int next = NextBacktick(at + length, end); next >= 0; next = NextBacktick(next, end))
        {
            int run = CharacterRuns.Length(_text.AsSpan(next), '`');
            if (run == length) return new ProtectedRegion(at, next + run, IsDisplay: false);
            next += run;
        }
        return null;
    }

    private int NextBacktick(int start, int end)
    {
        int offset = start < end ? _text.AsSpan(start, end - start).IndexOf('`') : -1;
        return offset < 0 ? -1 : start + offset;
    }

    private int ParagraphEnd(int at)
    {
        if (at < _paragraphEnd) return _paragraphEnd;
        int newline = at;
        while (newline < _text.Length)
        {
            newline = _text.IndexOf('\n', newline);
            if (newline < 0) return _paragraphEnd = _text.Length;
            (int end, int lines) = CharacterRuns.SkipWhiteSpace(_text, newline);
            if (lines > 1) break;
            newline = end;
        }
        return _paragraphEnd = newline;
    }

    /// <summary>Where a needle stands next; asked with rising offsets, it reads the text once.</summary>
    private sealed class NextOccurrence(string text, string needle)
    {
        private int _found = -1;

        /// <summary>The first occurrence at or after an offset, or the text's length.</summary>
        public int From(int start)
        {
            if (_found >= start) return _found;
            int found = start < text.Length ? text.IndexOf(needle, start, StringComparison.Ordinal) : -1;
            return _found = found < 0 ? text.Length : found;
        }
    }
}
