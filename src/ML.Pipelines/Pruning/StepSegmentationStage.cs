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
            if (StepCoverage.FaultIn(rows[i], spans) is { } offset) throw Broken(offset);
            outcomes[i] = StageOutcome<ReasoningStep[]>.Kept([.. spans.Select(span => new ReasoningStep(span.Start, span.End))]);
        }
        return outcomes;
    }

    private static PipelineException Broken(int offset) =>
        new(ErrorCode.Invariant, $"The step segmenter left a gap or an overlap at offset {offset}; steps must be adjacent and cover "
            + "the whole text.");
}
