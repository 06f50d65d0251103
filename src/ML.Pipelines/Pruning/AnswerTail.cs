using ML.Pipelines.Text;

namespace ML.Pipelines.Pruning;

/// <summary>Finds the steps that state the answer at the chain's end, and those that guards protect.</summary>
internal static class AnswerTail
{
    /// <summary>The tail is looked for in this many last steps: an answer that is mentioned only before them is no conclusion.</summary>
    public const int SearchedSteps = 3;

    /// <summary>
    /// How many first steps form the scored context. The chain usually ends by stating the answer; with that in the context every score
    /// would be near zero, so the tail from the last step that bears the answer on is left out, and boxed steps right before it, too.
    /// </summary>
    public static int ContextSteps(string reasoning, IReadOnlyList<TextSpan> steps, string answer)
    {
        for (var i = steps.Count - 1; i >= Math.Max(0, steps.Count - SearchedSteps); i--)
        {
            if (!Bears(steps[i].In(reasoning), answer)) continue;
            while (i > 0 && IsBoxed(steps[i - 1].In(reasoning))) i--;
            return i;
        }
        return steps.Count;
    }

    /// <summary>Why a step must stay whatever its score (docs/pruning.md, Guard), or null.</summary>
    /// <param name="index">The step.</param>
    /// <param name="reasoning">The chain.</param>
    /// <param name="steps">All steps.</param>
    /// <param name="contextSteps">As <see cref="ContextSteps"/> gives it.</param>
    /// <param name="firstMention">The offset of the answer's first occurrence, or -1.</param>
    public static string? Guard(int index, string reasoning, IReadOnlyList<TextSpan> steps, int contextSteps, int firstMention)
    {
        if (index == steps.Count - 1) return "last-step";
        if (index >= contextSteps) return "answer-tail";
        if (IsBoxed(steps[index].In(reasoning))) return "boxed";
        return firstMention >= steps[index].Start && firstMention < steps[index].End ? "first-answer" : null;
    }

    private static bool Bears(ReadOnlySpan<char> step, string answer) =>
        IsBoxed(step) || AnswerOccurrence.FirstIn(step.ToString(), answer) >= 0;

    private static bool IsBoxed(ReadOnlySpan<char> step) => AnswerExtractor.ContainsBoxed(step);
}
