namespace ML.Pipelines.Text;

/// <summary>Splits a chain of thought into steps of 3-4 sentences by rules, with no model.</summary>
/// <remarks>
/// <para>
/// Stands in for the segmentation call of LIMOPro (arXiv 2505.19187, section 2.3 and Fig. 6) and is the fallback of a segmenter that makes
/// it. Deterministic, linear in the text's length, thread-safe.
/// </para>
/// <list type="bullet">
/// <item>Blank lines are the preferred boundaries: short paragraphs are merged up to the target, a paragraph of more sentences than the
/// maximum is split.</item>
/// <item>A paragraph (and by default a sentence) that opens with a reflection marker starts a step, and the next paragraph that opens with
/// a progressive marker ends it, so that deduction is not labelled, and pruned, with the reflection.</item>
/// <item>A displayed formula, and what a colon or a heading introduces (of a list all items; with blank lines between them, up to twice the
/// most sentences of a step), stay with the sentence before them.</item>
/// <item>Formulas, code, decimals and abbreviations are not split. Delimiters that do not close (a price, a truncated trace) are ordinary
/// text.</item>
/// <item>White space belongs to the step before it, at the text's start to the first step; a text of white space is a step.</item>
/// <item>Surrogate pairs and CRLF are never split.</item>
/// </list>
/// </remarks>
public sealed class StepSegmenter : IStepSegmenter
{
    private readonly StepSegmenterOptions _options;

    /// <summary>A segmenter.</summary>
    /// <param name="options">How sentences are packed; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public StepSegmenter(StepSegmenterOptions? options = null) => _options = (options ?? new StepSegmenterOptions()).Validated();

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<TextSpan>> SegmentAsync(string reasoning, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Segment(reasoning));
    }

    /// <summary>The steps, as <see cref="SegmentAsync"/> gives them.</summary>
    /// <param name="reasoning">The chain of thought; an empty text has no steps, any other at least one.</param>
    public IReadOnlyList<TextSpan> Segment(string reasoning)
    {
        ArgumentNullException.ThrowIfNull(reasoning);
        List<SentenceGroup> groups = SentenceGrouping.Group(reasoning, _options);
        int[] paragraphSentences = SentencesToParagraphEnd(groups);
        var steps = new List<TextSpan>();
        for (int first = 0; first < groups.Count;)
        {
            int end = StepEnd(groups, paragraphSentences, first);
            steps.Add(new TextSpan(groups[first].Start, groups[end - 1].End));
            first = end;
        }
        return steps;
    }

    private int StepEnd(List<SentenceGroup> groups, int[] paragraphSentences, int first)
    {
        (int sentences, int length) = (groups[first].Sentences, groups[first].Length);
        int next = first + 1;
        for (; next < groups.Count; next++)
        {
            SentenceGroup group = groups[next];
            if (length + group.Length > _options.MaxStepLength || BeginsThought(group, groups[first], sentences)) break;
            int unit = group.OpensParagraph && sentences > 1 ? paragraphSentences[next] : group.Sentences;
            bool isFull = group.OpensParagraph && sentences >= _options.TargetSentences;
            if (isFull || !Fits(sentences, unit, paragraphSentences[next])) break;
            sentences += group.Sentences;
            length += group.Length;
        }
        return next;
    }

    // 'Wait. Let me check that.' is one thought.
    private bool BeginsThought(SentenceGroup group, SentenceGroup stepOpening, int sentences)
    {
        bool goesOn = sentences == 1 && stepOpening.IsReflection && group.Opening == StepCategory.Verification;
        if (group.IsReflection) return group.OpensParagraph || (_options.BreakAtReflectionInParagraph && !goesOn);
        return group.OpensParagraph && stepOpening.IsReflection && group.Opening == StepCategory.Progressive;
    }

    // 'unit' is what may not be parted here: a group, or at its start a whole paragraph unless a lone sentence would be left.
    private bool Fits(int sentences, int unit, int toParagraphEnd)
    {
        if (sentences + unit > _options.MaxSentences) return false;
        return sentences < _options.TargetSentences || sentences + toParagraphEnd <= _options.MaxSentences;
    }

    private static int[] SentencesToParagraphEnd(List<SentenceGroup> groups)
    {
        int[] sentences = new int[groups.Count];
        for (int index = groups.Count - 1; index >= 0; index--)
        {
            bool isLast = index == groups.Count - 1 || groups[index + 1].OpensParagraph;
            sentences[index] = groups[index].Sentences + (isLast ? 0 : sentences[index + 1]);
        }
        return sentences;
    }
}
