namespace ML.Pipelines.Text;

/// <summary>Tells a full stop that ends a sentence from one that does not.</summary>
internal static class SentenceEnds
{
    /// <summary>Whether a character can end a sentence.</summary>
    public static bool IsTerminator(char character) => character is '.' or '!' or '?' or '…' || IsFullWidth(character);

    /// <summary>Whether a character closes a quotation, a bracket or emphasis, and so may stand after the full stop.</summary>
    public static bool IsCloser(char character) =>
        character is '"' or '\'' or '”' or '’' or ')' or ']' or '}' or '*' or '_' or '」' or '』' or '）';

    /// <summary>The offset after the terminators and closers when a sentence ends with them, or -1.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The first terminator's offset.</param>
    /// <param name="runEnd">The offset after the terminators and closers, whether or not a sentence ends.</param>
    public static int After(string text, int at, out int runEnd)
    {
        int marksEnd = at;
        while (marksEnd < text.Length && IsTerminator(text[marksEnd])) marksEnd++;
        runEnd = marksEnd;
        while (runEnd < text.Length && IsCloser(text[runEnd])) runEnd++;
        return Ends(text, at, marksEnd, runEnd) ? runEnd : -1;
    }

    private static bool Ends(string text, int at, int marksEnd, int runEnd)
    {
        if (IsFullWidth(text[marksEnd - 1])) return true;
        if (runEnd < text.Length && !char.IsWhiteSpace(text[runEnd])) return false;
        (int next, int lines) = CharacterRuns.SkipWhiteSpace(text, runEnd);
        if (next >= text.Length || lines > 1) return true;
        bool isSingleStop = marksEnd - at == 1 && text[at] == '.';
        return isSingleStop ? !Abbreviations.EndsAt(text, at, next) : MarkEnds(text, at, next);
    }

    // 'n! is', '5! / 3!', 'Hmm... maybe' and '"What?" he said' go on.
    private static bool MarkEnds(string text, int at, int next)
    {
        if (char.IsLower(text[next])) return false;
        bool isFactorial = text[at] == '!' && at > 0 && (char.IsAsciiLetterOrDigit(text[at - 1]) || text[at - 1] == ')');
        return !isFactorial || char.IsLetter(text[next]) || text[next] is '\\' or '$' or '*' or '(' or '"' or '“';
    }

    private static bool IsFullWidth(char character) => character is '。' or '！' or '？';
}
