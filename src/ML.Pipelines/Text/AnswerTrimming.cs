namespace ML.Pipelines.Text;

/// <summary>Takes what is not the answer off the ends of its range.</summary>
internal static class AnswerTrimming
{
    private static readonly (string Open, string Close)[] Wrappers =
    [
        ("$$", "$$"), ("$", "$"), (@"\(", @"\)"), (@"\[", @"\]"), ("**", "**"), ("__", "__"), ("*", "*"), ("`", "`"),
        ("\"", "\""), ("“", "”"),
    ];

    /// <summary>The range without white space, trailing full stop, and the math, bold, code and quotation marks around it.</summary>
    public static TextSpan Trim(string text, TextSpan span)
    {
        TextSpan trimmed = TrimEnds(text, span);
        while (Unwrap(text, trimmed) is { } inner) trimmed = TrimEnds(text, inner);
        return trimmed;
    }

    private static TextSpan? Unwrap(string text, TextSpan span)
    {
        ReadOnlySpan<char> value = span.In(text);
        foreach ((string open, string close) in Wrappers)
        {
            if (value.Length <= open.Length + close.Length - 1 || !value.StartsWith(open, StringComparison.Ordinal)) continue;
            if (!value.EndsWith(close, StringComparison.Ordinal)) continue;
            ReadOnlySpan<char> inner = value[open.Length..^close.Length];
            if (!inner.Contains(close, StringComparison.Ordinal)) return new TextSpan(span.Start + open.Length, span.End - close.Length);
        }
        return UnwrapUnbalanced(value, span);
    }

    // '**Answer: 5**' leaves '5**'.
    private static TextSpan? UnwrapUnbalanced(ReadOnlySpan<char> value, TextSpan span) =>
        value.EndsWith("**", StringComparison.Ordinal) && !value[..^2].Contains("**", StringComparison.Ordinal)
            ? new TextSpan(span.Start, span.End - 2)
            : null;

    private static TextSpan TrimEnds(string text, TextSpan span)
    {
        (int start, int end) = (span.Start, span.End);
        while (start < end && char.IsWhiteSpace(text[start])) start++;
        while (end > start && IsTrailing(text[end - 1])) end--;
        return new TextSpan(start, end);
    }

    private static bool IsTrailing(char character) => char.IsWhiteSpace(character) || character is '.' or '。' or ',' or ';' or '!';
}
