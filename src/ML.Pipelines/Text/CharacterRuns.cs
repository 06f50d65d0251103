namespace ML.Pipelines.Text;

/// <summary>Runs of characters in a span.</summary>
internal static class CharacterRuns
{
    /// <summary>How many times the character stands at the start of the span.</summary>
    public static int Length(ReadOnlySpan<char> text, char character)
    {
        int other = text.IndexOfAnyExcept(character);
        return other < 0 ? text.Length : other;
    }

    /// <summary>Where the character stands first, or the length of the span.</summary>
    public static int IndexOrLength(ReadOnlySpan<char> text, char character)
    {
        int index = text.IndexOf(character);
        return index < 0 ? text.Length : index;
    }

    /// <summary>The offset after the white space that starts at an offset, and the line breaks in it (a CRLF is one).</summary>
    public static (int End, int LineBreaks) SkipWhiteSpace(string text, int start)
    {
        int end = start, lines = 0;
        for (; end < text.Length && char.IsWhiteSpace(text[end]); end++)
            if (text[end] == '\n' || (text[end] == '\r' && !IsAt(text, end + 1, '\n'))) lines++;
        return (end, lines);
    }

    /// <summary>Whether the character stands at an offset, which may be outside the text.</summary>
    public static bool IsAt(string text, int index, char character) => (uint)index < (uint)text.Length && text[index] == character;

    /// <summary>Whether a cut before an offset keeps surrogate pairs and CRLF whole.</summary>
    public static bool IsCuttable(string text, int index) =>
        index <= 0 || index >= text.Length
        || !(char.IsSurrogatePair(text[index - 1], text[index]) || (text[index - 1] == '\r' && text[index] == '\n'));
}
