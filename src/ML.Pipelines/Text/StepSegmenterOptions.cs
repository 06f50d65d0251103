namespace ML.Pipelines.Text;

/// <summary>How <see cref="StepSegmenter"/> packs sentences into steps.</summary>
/// <remarks>The defaults follow LIMOPro (arXiv 2505.19187, Fig. 6): groups of 3-4 sentences that do not merge distinct thoughts.</remarks>
public sealed record StepSegmenterOptions
{
    /// <summary>Sentences at which a step is full and closes at the next paragraph; at least 1, default 3.</summary>
    public int TargetSentences { get; init; } = 3;

    /// <summary>
    /// Most sentences in a step; at least <see cref="TargetSentences"/>, default 4. Only a list with the line that introduces it may
    /// have more.
    /// </summary>
    public int MaxSentences { get; init; } = 4;

    /// <summary>
    /// Most UTF-16 code units in a step; at least 16, default 4000. A sentence that is longer is cut at a space, and a formula or code
    /// block that is longer is read as ordinary text.
    /// </summary>
    public int MaxStepLength { get; init; } = 4000;

    /// <summary>
    /// Whether a sentence inside a paragraph that opens with a reflection marker ("Wait", "Alternatively") starts a step, as a paragraph
    /// that does so always does; default true.
    /// </summary>
    public bool BreakAtReflectionInParagraph { get; init; } = true;

    /// <summary>The markers that tell a reflection; default <see cref="StepMarkers.Default"/>.</summary>
    public StepMarkers Markers { get; init; } = StepMarkers.Default;

    internal StepSegmenterOptions Validated()
    {
        ArgumentNullException.ThrowIfNull(Markers);
        ArgumentOutOfRangeException.ThrowIfLessThan(TargetSentences, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxSentences, TargetSentences);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxStepLength, 16);
        return this;
    }
}
