namespace ML.Pipelines.Text;

/// <summary>What a line of Markdown opens with.</summary>
internal static class LineOpenings
{
    private const int MaxNumberLength = 3;

    /// <summary>UTF-16 code units of the list marker with its space at an offset (<c>- </c>, <c>1. </c>, <c>(a) </c>, a table's
    /// <c>|</c>), or 0.</summary>
    public static int ListMarkerLength(string text, int start)
    {
        ReadOnlySpan<char> line = text.AsSpan(start);
        if (line.IsEmpty) return 0;
        if (line[0] is '|' or '•') return 1;
        if (line[0] is '-' or '*' or '+' or '–') return IsSpaceAt(line, 1) ? 2 : 0;
        return NumberLength(line);
    }

    /// <summary>UTF-16 code units of the heading marker with its space (<c># </c> to <c>###### </c>), or 0.</summary>
    public static int HeadingMarkerLength(string text, int start)
    {
        int marks = CharacterRuns.Length(text.AsSpan(start), '#');
        return marks is >= 1 and <= 6 && IsSpaceAt(text.AsSpan(start), marks) ? marks + 1 : 0;
    }

    private static int NumberLength(ReadOnlySpan<char> line)
    {
        int open = line[0] == '(' ? 1 : 0;
        int end = open;
        while (end < line.Length && end - open < MaxNumberLength && char.IsAsciiDigit(line[end])) end++;
        if (end == open && end < line.Length && char.IsAsciiLetter(line[end])) end++;
        bool closes = end > open && end < line.Length && (line[end] == ')' || (line[end] == '.' && open == 0));
        return closes && IsSpaceAt(line, end + 1) ? end + 2 : 0;
    }

    private static bool IsSpaceAt(ReadOnlySpan<char> line, int index) => index < line.Length && line[index] is ' ' or '\t';
}
