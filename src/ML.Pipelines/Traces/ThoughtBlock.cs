using ML.Pipelines.Text;

namespace ML.Pipelines.Traces;

/// <summary>Where the chain of thought and the solution stand in a model's output.</summary>
/// <remarks>
/// The chain goes from the first opening tag to the first closing tag after it, less exactly one line break inside each tag. A closing tag
/// without an opening one ends a chain that starts with the text: chat templates put the opening tag into the prompt. An opening tag
/// without a closing one is a chain cut off. A text without tags is a chain as a whole. The solution is what follows, less its own tags
/// and the blanks around it.
/// </remarks>
/// <param name="Thought">The chain of thought.</param>
/// <param name="Solution">What follows; null where no chain ends or nothing follows.</param>
/// <param name="IsCutOff">Whether a chain was opened and never closed.</param>
internal readonly record struct ThoughtBlock(TextSpan Thought, TextSpan? Solution, bool IsCutOff)
{
    private static readonly (string Open, string Close)[] Tags =
        [("<think>", "</think>"), ("<|begin_of_thought|>", "<|end_of_thought|>")];

    private const string SolutionOpen = "<|begin_of_solution|>";
    private const string SolutionClose = "<|end_of_solution|>";

    /// <summary>Finds chain and solution.</summary>
    public static ThoughtBlock In(string text)
    {
        foreach (var (open, close) in Tags)
            if (Find(text, open, close) is { } block) return block;
        return new(new TextSpan(0, text.Length), null, false);
    }

    private static ThoughtBlock? Find(string text, string open, string close)
    {
        var opening = text.IndexOf(open, StringComparison.Ordinal);
        var closing = text.IndexOf(close, Math.Max(opening, 0), StringComparison.Ordinal);
        if (opening < 0 && closing < 0) return null;
        var end = closing < 0 ? text.Length : closing;
        var start = opening < 0 ? 0 : LineBreak.After(text, opening + open.Length, end);
        return closing < 0
            ? new(new TextSpan(start, end), null, true)
            : new(new TextSpan(start, LineBreak.Before(text, start, end)), SolutionIn(text, closing + close.Length), false);
    }

    private static TextSpan? SolutionIn(string text, int start)
    {
        var opening = text.IndexOf(SolutionOpen, start, StringComparison.Ordinal);
        if (opening >= 0) start = opening + SolutionOpen.Length;
        var closing = text.IndexOf(SolutionClose, start, StringComparison.Ordinal);
        var end = closing < 0 ? text.Length : closing;
        while (start < end && char.IsWhiteSpace(text[start])) start++;
        while (end > start && char.IsWhiteSpace(text[end - 1])) end--;
        return start < end ? new TextSpan(start, end) : null;
    }
}
