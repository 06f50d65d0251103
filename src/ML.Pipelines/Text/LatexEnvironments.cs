namespace ML.Pipelines.Text;

/// <summary>Finds closed LaTeX environments, <c>\begin{x}…\end{x}</c>, nested ones inside their parents.</summary>
internal static class LatexEnvironments
{
    private const string Begin = @"\begin{";
    private const string End = @"\end{";
    private const int MaxNameLength = 32;

    /// <summary>The closed environments: the offset of <c>\begin</c> to the offset after <c>\end{x}</c>.</summary>
    /// <remarks>One pass with a stack; a <c>\begin</c> that its own <c>\end</c> does not close is left out.</remarks>
    public static Dictionary<int, int> Find(string text)
    {
        var closed = new Dictionary<int, int>();
        var open = new Stack<(string Name, int Start)>();
        var openNames = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int at = text.IndexOf('\\'); at >= 0; at = NextBackslash(text, at))
        {
            if (NameAfter(text, at, Begin) is { } begun) Push(open, openNames, begun, at);
            else if (NameAfter(text, at, End) is { } ended && openNames.GetValueOrDefault(ended) > 0)
                closed[PopTo(open, openNames, ended)] = at + End.Length + ended.Length + 1;
        }
        return closed;
    }

    private static void Push(Stack<(string Name, int Start)> open, Dictionary<string, int> openNames, string name, int start)
    {
        open.Push((name, start));
        openNames[name] = openNames.GetValueOrDefault(name) + 1;
    }

    private static int PopTo(Stack<(string Name, int Start)> open, Dictionary<string, int> openNames, string name)
    {
        while (true)
        {
            (string popped, int start) = open.Pop();
            openNames[popped]--;
            if (popped == name) return start;
        }
    }

    private static string? NameAfter(string text, int at, string command)
    {
        if (!text.AsSpan(at).StartsWith(command, StringComparison.Ordinal)) return null;
        ReadOnlySpan<char> rest = text.AsSpan(at + command.Length);
        int close = rest[..Math.Min(rest.Length, MaxNameLength)].IndexOf('}');
        return close > 0 ? rest[..close].ToString() : null;
    }

    // '\\' is a line break, and what follows it is no command.
    private static int NextBackslash(string text, int at)
    {
        int next = CharacterRuns.IsAt(text, at + 1, '\\') ? at + 2 : at + 1;
        return next >= text.Length ? -1 : text.IndexOf('\\', next);
    }
}
