namespace ML.Pipelines.Text;

/// <summary>Sentences that no step may part: a line with the formula, list or paragraph it introduces.</summary>
/// <param name="Start">The offset of the first character.</param>
/// <param name="End">The offset after the last.</param>
/// <param name="Sentences">Sentences in it; a displayed formula and the rest of a sentence count with the sentence they belong to.</param>
/// <param name="OpensParagraph">Whether a blank line stands before it.</param>
/// <param name="Opening">The category of the marker it opens with, if any.</param>
internal readonly record struct SentenceGroup(int Start, int End, int Sentences, bool OpensParagraph, StepCategory? Opening)
{
    /// <summary>UTF-16 code units in it.</summary>
    public int Length => End - Start;

    /// <summary>Whether it opens with a marker that begins a new thought.</summary>
    public bool IsReflection => Opening is not (null or StepCategory.Progressive);
}
