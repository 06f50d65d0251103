namespace ML.Pipelines.Text;

/// <summary>Finds <c>\boxed</c> and <c>\fbox</c>.</summary>
internal static class BoxedAnswer
{
    private static readonly string[] Commands = [@"\boxed", @"\fbox"];

    /// <summary>Whether a command stands in the text.</summary>
    public static bool IsIn(ReadOnlySpan<char> text) =>
        text.Contains(Commands[0], StringComparison.Ordinal) || text.Contains(Commands[1], StringComparison.Ordinal);

    /// <summary>The trimmed inside of the last closed box that starts at or after an offset and is not empty; null where there is
    /// none.</summary>
    public static TextSpan? LastIn(string text, int start)
    {
        TextSpan? last = null;
        var open = new Stack<int>();
        for (int at = start; at < text.Length; at++)
        {
            if (text[at] == '{') open.Push(at);
            else if (text[at] == '}' && open.TryPop(out int brace)) last = Later(last, BracedAt(text, start, brace, at));
            else if (text[at] == '\\')
            {
                last = Later(last, UnbracedAt(text, at));
                at++;
            }
        }
        return last;
    }

    private static TextSpan? Later(TextSpan? last, TextSpan? found) =>
        found is { Length: > 0 } && (last is null || found.Value.Start > last.Value.Start) ? found : last;

    private static TextSpan? BracedAt(string text, int start, int brace, int close)
    {
        int commandEnd = brace;
        while (commandEnd > start && text[commandEnd - 1] == ' ') commandEnd--;
        ReadOnlySpan<char> before = text.AsSpan(start, commandEnd - start);
        bool isBox = before.EndsWith(Commands[0], StringComparison.Ordinal) || before.EndsWith(Commands[1], StringComparison.Ordinal);
        return isBox ? AnswerTrimming.Trim(text, new TextSpan(brace + 1, close)) : null;
    }

    private static TextSpan? UnbracedAt(string text, int at)
    {
        foreach (string command in Commands)
        {
            int value = at + command.Length;
            if (!text.AsSpan(at).StartsWith(command, StringComparison.Ordinal) || !CharacterRuns.IsAt(text, value, ' ')) continue;
            while (CharacterRuns.IsAt(text, value, ' ')) value++;
            int end = value;
            while (end < text.Length && !char.IsWhiteSpace(text[end]) && text[end] is not ('$' or '{' or '}' or '\\')) end++;
            return CharacterRuns.IsAt(text, value, '{') ? null : AnswerTrimming.Trim(text, new TextSpan(value, end));
        }
        return null;
    }
}
