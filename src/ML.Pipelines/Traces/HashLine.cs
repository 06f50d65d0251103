namespace ML.Pipelines.Traces;

/// <summary>GSM8K's last line <c>#### N</c>.</summary>
internal static class HashLine
{
    private const string Hashes = "####";

    /// <summary>The text before the line and before the one line break that ends it; the whole text where there is no such line.</summary>
    public static string Before(string text)
    {
        var start = Find(text);
        return start < 0 ? text : text[..LineBreak.Before(text, 0, start)];
    }

    /// <summary>What the line says, blanks around it and commas removed; null where there is no such line.</summary>
    public static string? After(string text)
    {
        var start = Find(text);
        if (start < 0) return null;
        var rest = text.AsSpan(start + Hashes.Length);
        var end = rest.IndexOf('\n');
        return (end < 0 ? rest : rest[..end]).Trim().ToString().Replace(",", "", StringComparison.Ordinal);
    }

    private static int Find(string text)
    {
        var start = text.LastIndexOf("\n" + Hashes, StringComparison.Ordinal);
        if (start >= 0) return start + 1;
        return text.StartsWith(Hashes, StringComparison.Ordinal) ? 0 : -1;
    }
}

/// <summary>Steps over exactly one line break.</summary>
internal static class LineBreak
{
    /// <summary>The offset after a line break at <paramref name="start"/>, else <paramref name="start"/>.</summary>
    public static int After(string text, int start, int end) =>
        start < end && text[start] == '\n' ? start + 1
        : start + 1 < end && text[start] == '\r' && text[start + 1] == '\n' ? start + 2
        : start;

    /// <summary>The offset before a line break that ends at <paramref name="end"/>, else <paramref name="end"/>.</summary>
    public static int Before(string text, int start, int end)
    {
        if (end <= start || text[end - 1] != '\n') return end;
        return end - 1 > start && text[end - 2] == '\r' ? end - 2 : end - 1;
    }
}
