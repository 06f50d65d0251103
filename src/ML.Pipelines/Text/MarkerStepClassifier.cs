namespace ML.Pipelines.Text;

/// <summary>How <see cref="MarkerStepClassifier"/> labels steps.</summary>
public sealed record MarkerStepClassifierOptions
{
    /// <summary>The indicator phrases; default <see cref="StepMarkers.Default"/>.</summary>
    public StepMarkers Markers { get; init; } = StepMarkers.Default;
}

/// <summary>Labels steps by their indicator phrases (LIMOPro, arXiv 2505.19187, section 2.3 and Table 4), with no model.</summary>
/// <remarks>
/// <para>
/// A step with phrases of several categories gets the first of error correction, multi-method validation, verification, progressive; a
/// step with none is progressive, which is never pruned. The paper leaves the priority open; this one is ours.
/// </para>
/// <para>
/// An error correction relates to the nearest step before it that is not itself an error correction: the mistake stands there or earlier,
/// and a run of corrections keeps to the statement that started it. It is null where no such step exists.
/// </para>
/// <para>Deterministic, linear in the text's length, thread-safe.</para>
/// </remarks>
public sealed class MarkerStepClassifier : IStepClassifier
{
    private static readonly StepCategory[] Priority =
        [StepCategory.ErrorCorrection, StepCategory.MultiMethodValidation, StepCategory.Verification, StepCategory.Progressive];

    private readonly StepMarkers _markers;

    /// <summary>A classifier.</summary>
    /// <param name="options">The markers; null for the defaults.</param>
    public MarkerStepClassifier(MarkerStepClassifierOptions? options = null)
    {
        _markers = (options ?? new MarkerStepClassifierOptions()).Markers;
        ArgumentNullException.ThrowIfNull(_markers);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StepLabel>> ClassifyAsync(
        string reasoning, IReadOnlyList<TextSpan> steps, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reasoning);
        ArgumentNullException.ThrowIfNull(steps);
        var labels = new StepLabel[steps.Count];
        int? lastUncorrected = null;
        for (int index = 0; index < steps.Count; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            StepLabel label = Classify(reasoning, steps[index]);
            bool isCorrection = label.Category == StepCategory.ErrorCorrection;
            labels[index] = isCorrection ? label with { RelatesTo = lastUncorrected } : label;
            if (!isCorrection) lastUncorrected = index;
        }
        return ValueTask.FromResult<IReadOnlyList<StepLabel>>(labels);
    }

    /// <summary>One step's category and the phrase that decided it; <see cref="StepLabel.RelatesTo"/> is null.</summary>
    /// <param name="reasoning">The chain of thought.</param>
    /// <param name="step">The step's range in it.</param>
    public StepLabel Classify(string reasoning, TextSpan step)
    {
        ArgumentNullException.ThrowIfNull(reasoning);
        MarkerMatch?[] first = FirstMarkers(reasoning, step);
        foreach (StepCategory category in Priority)
            if (first[(int)category] is { } match) return new StepLabel(category, match.Span.In(reasoning).ToString());
        return new StepLabel(StepCategory.Progressive, Marker: null);
    }

    private MarkerMatch?[] FirstMarkers(string reasoning, TextSpan step)
    {
        var first = new MarkerMatch?[Priority.Length];
        MarkerMatch? opening = StepOpening.Find(_markers, reasoning, step.Start, step.End);
        int firstSentenceEnd = FirstSentenceEnd(reasoning, step);
        for (int at = step.Start; at < step.End; at++)
        {
            if (_markers.MatchAt(reasoning, at, step.End) is not { } match) continue;
            if (match.IsInterjection && !IsInterjection(reasoning, match, opening, firstSentenceEnd)) continue;
            first[(int)match.Category] ??= match;
            at = match.Span.End - 1;
        }
        return first;
    }

    private static bool IsInterjection(string reasoning, MarkerMatch match, MarkerMatch? opening, int firstSentenceEnd)
    {
        if (match.Span.Start >= firstSentenceEnd) return false;
        bool isBeforePunctuation = match.Span.End < reasoning.Length
            && reasoning[match.Span.End] is ',' or '.' or '!' or '?' or '…' or '—' or ':' or ';';
        return isBeforePunctuation || opening?.Span == match.Span;
    }

    private static int FirstSentenceEnd(string reasoning, TextSpan step)
    {
        List<Sentence> sentences = SentenceScanner.Scan(step.In(reasoning).ToString(), Math.Max(1, step.Length));
        return sentences.Count == 0 ? step.End : step.Start + sentences[0].End;
    }
}
