using System.Buffers;

namespace ML.Pipelines.Text;

/// <summary>Splits a text into sentences, list items and displayed formulas; the first one also holds the text's leading white
/// space.</summary>
internal sealed class SentenceScanner
{
    // A line shorter than this was ended by its writer; a longer one may have been wrapped.
    private const int ShortLine = 60;

    private static readonly SearchValues<char> Stops = SearchValues.Create(".!?…。！？\r\n\v\f\u0085\u2028\u2029");

    private readonly string _text;
    private readonly int _maxLength;
    private readonly List<ProtectedRegion> _regions;
    private readonly List<Sentence> _sentences = [];
    private int _region;
    private int _start;
    private int _lineStart;
    private SentenceBreak _break = SentenceBreak.Paragraph;

    private SentenceScanner(string text, int maxLength)
    {
        (_text, _maxLength) = (text, maxLength);
        _regions = ProtectedRegions.Find(text, maxLength);
    }

    /// <summary>The sentences, adjacent and together the whole text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxLength">Most UTF-16 code units in a sentence, and in a formula or code block that is kept whole.</param>
    public static List<Sentence> Scan(string text, int maxLength)
    {
        var scanner = new SentenceScanner(text, maxLength);
        scanner.Scan();
        return scanner._sentences;
    }

    private void Scan()
    {
        int at = AfterMarker(CharacterRuns.SkipWhiteSpace(_text, 0).End);
        while (at < _text.Length) at = Next(at);
        if (_start < _text.Length) Close(_text.Length, SentenceBreak.Space);
    }

    private int Next(int at)
    {
        if (RegionAt(at) is { } region) return region.End;
        int stop = NextStop(at);
        if (stop >= _text.Length || RegionAt(stop) is not null) return stop;
        return char.IsWhiteSpace(_text[stop]) ? BreakLine(stop) : EndSentence(stop);
    }

    private ProtectedRegion? RegionAt(int at)
    {
        while (_region < _regions.Count && _regions[_region].End <= at) _region++;
        return _region < _regions.Count && _regions[_region].Start <= at ? _regions[_region] : null;
    }

    private int NextStop(int at)
    {
        int limit = _region < _regions.Count ? _regions[_region].Start : _text.Length;
        int offset = _text.AsSpan(at, limit - at).IndexOfAny(Stops);
        return offset < 0 ? limit : at + offset;
    }

    private int EndSentence(int at)
    {
        if (SentenceEnds.After(_text, at, out int runEnd) < 0) return runEnd;
        (int next, int lines) = CharacterRuns.SkipWhiteSpace(_text, runEnd);
        return CloseAt(next, lines);
    }

    private int BreakLine(int at)
    {
        (int next, int lines) = CharacterRuns.SkipWhiteSpace(_text, at);
        if (next < _text.Length && lines < 2 && !LineEnds(at, next))
        {
            _lineStart = next;
            return next;
        }
        return CloseAt(next, lines);
    }

    private int CloseAt(int next, int lines)
    {
        Close(next, lines switch { 0 => SentenceBreak.Space, 1 => SentenceBreak.Line, _ => SentenceBreak.Paragraph });
        return lines == 0 ? next : AfterMarker(next);
    }

    private bool LineEnds(int end, int next)
    {
        if (LineOpenings.ListMarkerLength(_text, next) > 0 || LineOpenings.HeadingMarkerLength(_text, next) > 0) return true;
        if (RegionAt(next) is { IsDisplay: true } || IsHeading(_start)) return true;
        return !char.IsLower(_text[next]) && (end - _lineStart < ShortLine || Introduces(end));
    }

    // The full stop of '1. ' ends no sentence.
    private int AfterMarker(int start)
    {
        if (RegionAt(start) is not null || start >= _text.Length) return start;
        _lineStart = start;
        return start + LineOpenings.ListMarkerLength(_text, start);
    }

    private void Close(int end, SentenceBreak following)
    {
        while (end - _start > _maxLength)
        {
            int cut = LongSentence.Cut(_text, _regions, _start, _maxLength);
            Add(cut);
            (_start, _break) = (cut, SentenceBreak.Space);
        }
        Add(end);
        (_start, _break) = (end, following);
    }

    private void Add(int end)
    {
        int first = CharacterRuns.SkipWhiteSpace(_text, _start).End;
        int last = LastCharacter(end);
        _sentences.Add(new Sentence
        {
            Start = _start,
            End = end,
            Break = _break,
            IsListItem = _break != SentenceBreak.Space && LineOpenings.ListMarkerLength(_text, first) > 0,
            IsDisplay = _break != SentenceBreak.Space && IsDisplay(first, last),
            Introduces = Introduces(last + 1) || IsHeading(first),
            IsTerminated = last >= 0 && SentenceEnds.IsTerminator(_text[last]),
            BeginsLowerCase = first < end && char.IsLower(_text[first]),
        });
    }

    // The offset of the last character that is neither white space nor a closer; -1 where there is none.
    private int LastCharacter(int end)
    {
        int last = end - 1;
        while (last >= _start && (char.IsWhiteSpace(_text[last]) || SentenceEnds.IsCloser(_text[last]))) last--;
        return last >= _start ? last : -1;
    }

    private bool Introduces(int end)
    {
        int last = end - 1, earliest = Math.Max(_start, _lineStart);
        while (last > earliest && (char.IsWhiteSpace(_text[last]) || SentenceEnds.IsCloser(_text[last]))) last--;
        return last >= _start && _text[last] is ':' or '：';
    }

    private bool IsHeading(int start) => _break != SentenceBreak.Space && LineOpenings.HeadingMarkerLength(_text, start) > 0;

    private bool IsDisplay(int first, int last)
    {
        int index = LongSentence.LastRegionBefore(_regions, first + 1);
        if (index < 0 || _regions[index].Start != first) return false;
        ProtectedRegion region = _regions[index];
        return region.IsDisplay || region.End > last || (region.End == last && _text[last] is '.' or ',' or ';');
    }
}
