namespace ML.Pipelines.Text;

/// <summary>Splits an answer outside its brackets.</summary>
internal static class TopLevelParts
{
    private const string Openers = "([{";
    private const string Closers = ")]}";

    /// <summary>The parts between separators that stand in no brackets; any bracket closes any other, as in the interval [1, 2).</summary>
    public static List<string> Split(string text, params ReadOnlySpan<string> separators)
    {
        var parts = new List<string>();
        int start = 0, depth = 0;
        for (int at = 0; at < text.Length; at++)
        {
            depth = Math.Max(0, depth + Step(text[at]));
            int length = depth == 0 ? SeparatorLength(text, at, separators) : 0;
            if (length == 0) continue;
            parts.Add(text[start..at]);
            start = at + length;
            at = start - 1;
        }
        parts.Add(text[start..]);
        return parts;
    }

    /// <summary>The kind and inside of the brackets around the whole text; null where there are none.</summary>
    public static (string Kind, string Inside)? Brackets(string text)
    {
        bool isSet = text.StartsWith(@"\{", StringComparison.Ordinal) && text.EndsWith(@"\}", StringComparison.Ordinal);
        int width = isSet ? 2 : 1;
        if (text.Length < 2 * width || text[width - 1] is not ('(' or '[' or '{') || text[^1] is not (')' or ']' or '}')) return null;
        if (CloseOf(text, width - 1) != text.Length - 1) return null;
        if (!isSet && text[0] == '{' && !text.Contains(',', StringComparison.Ordinal)) return null;
        string kind = text[width - 1] == '{' ? AnswerForm.Set : $"{text[0]}{text[^1]}";
        return (kind, text[width..^width]);
    }

    private static int CloseOf(string text, int open)
    {
        int depth = 0;
        for (int at = open; at < text.Length; at++)
        {
            depth += Step(text[at]);
            if (depth == 0) return at;
        }
        return -1;
    }

    private static int Step(char character) =>
        Openers.Contains(character, StringComparison.Ordinal) ? 1 : Closers.Contains(character, StringComparison.Ordinal) ? -1 : 0;

    private static int SeparatorLength(string text, int at, ReadOnlySpan<string> separators)
    {
        foreach (string separator in separators)
            if (text.AsSpan(at).StartsWith(separator, StringComparison.Ordinal)) return separator.Length;
        return 0;
    }
}
