using ML.Pipelines.Stages;
using ML.Pipelines.Text;

namespace ML.Pipelines.Pruning;

/// <summary>Divides each chain into steps (LIMOPro section 2.3, step 1).</summary>
internal sealed class StepSegmentationStage(IStepSegmenter segmenter) : IStage<string, ReasoningStep[]>
{
    public string Name => "segment";

    public async ValueTask<IReadOnlyList<StageOutcome<ReasoningStep[]>>> ProcessAsync(
        IReadOnlyList<string> rows, CancellationToken cancellationToken)
    {
        var outcomes = new StageOutcome<ReasoningStep[]>[rows.Count];
        for (var i = 0; i < rows.Count; i++)
        {
            var spans = await segmenter.SegmentAsync(rows[i], cancellationToken).ConfigureAwait(false);
            Check(rows[i], spans);
            outcomes[i] = StageOutcome<ReasoningStep[]>.Kept([.. spans.Select(span => new ReasoningStep(span.Start, span.End))]);
        }
        return outcomes;
    }

    // Removal is a span cut: a gap or an overlap would lose or repeat text.
    private static void Check(string reasoning, IReadOnlyList<TextSpan> spans)
    {
        var end = 0;
        foreach (var span in spans)
        {
            if (span.Start != end || span.End <= span.Start) throw Broken(end);
            end = span.End;
        }
        if (end != reasoning.Length) throw Broken(end);
    }

    private static PipelineException Broken(int offset) =>
        new(ErrorCode.Invariant, $"The step segmenter left a gap or an overlap at offset {offset}; steps must be adjacent and cover the whole text.");
}
