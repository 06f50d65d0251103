namespace ML.Pipelines.Text;

/// <summary>Finds closed code fences (CommonMark 4.5: <c>```</c> or <c>~~~</c> at the start of a line).</summary>
internal static class CodeFences
{
    /// <summary>The closed fences, by the offset of their first fence character.</summary>
    /// <remarks>
    /// An opening fence with no closing one is left out, and a fence with an info string inside an open fence opens anew: a truncated
    /// trace then loses one fence, not the rest of the text.
    /// </remarks>
    public static Dictionary<int, int> Find(string text)
    {
        var closed = new Dictionary<int, int>();
        Fence? open = null;
        for (int line = 0; line < text.Length; line = NextLine(text, line))
            if (TryRead(text, line, out Fence fence)) open = Advance(open, fence, closed);
        return closed;
    }

    private static Fence? Advance(Fence? open, Fence fence, Dictionary<int, int> closed)
    {
        if (open is not { } opening) return fence;
        if (fence.Character != opening.Character || (fence.IsBare && fence.Length < opening.Length)) return open;
        if (!fence.IsBare) return fence;
        closed[opening.Start] = fence.End;
        return null;
    }

    private static bool TryRead(string text, int line, out Fence fence)
    {
        fence = default;
        int start = line;
        while (start < text.Length && text[start] is ' ' or '\t') start++;
        if (start >= text.Length || text[start] is not ('`' or '~')) return false;
        ReadOnlySpan<char> rest = text.AsSpan(start);
        int length = CharacterRuns.Length(rest, text[start]);
        int lineEnd = CharacterRuns.IndexOrLength(rest, '\n');
        if (length < 3 || rest[length..lineEnd].Contains(text[start])) return false;
        fence = new Fence(text[start], start, length, rest[length..lineEnd].IsWhiteSpace());
        return true;
    }

    private static int NextLine(string text, int line)
    {
        int newline = text.IndexOf('\n', line);
        return newline < 0 ? text.Length : newline + 1;
    }

    private readonly record struct Fence(char Character, int Start, int Length, bool IsBare)
    {
        public int End => Start + Length;
    }
}
