using ML.Pipelines.Stages;
using ML.Pipelines.Text;

namespace ML.Pipelines.Pruning;

/// <summary>A chain and its steps.</summary>
/// <param name="Reasoning">The chain of thought.</param>
/// <param name="Steps">Its steps.</param>
public sealed record SegmentedReasoning(string Reasoning, ReasoningStep[] Steps);

/// <summary>Gives each step its category (LIMOPro section 2.3).</summary>
internal sealed class StepClassificationStage(IStepClassifier classifier) : IStage<SegmentedReasoning, ReasoningStep[]>
{
    public string Name => "classify";

    public async ValueTask<IReadOnlyList<StageOutcome<ReasoningStep[]>>> ProcessAsync(
        IReadOnlyList<SegmentedReasoning> rows, CancellationToken cancellationToken)
    {
        var outcomes = new StageOutcome<ReasoningStep[]>[rows.Count];
        for (var i = 0; i < rows.Count; i++)
        {
            var spans = Array.ConvertAll(rows[i].Steps, step => step.Span);
            var labels = await classifier.ClassifyAsync(rows[i].Reasoning, spans, cancellationToken).ConfigureAwait(false);
            outcomes[i] = StageOutcome<ReasoningStep[]>.Kept(Label(rows[i].Steps, labels));
        }
        return outcomes;
    }

    /// <summary>The steps with their labels.</summary>
    public static ReasoningStep[] Label(ReasoningStep[] steps, IReadOnlyList<StepLabel> labels)
    {
        if (labels.Count != steps.Length)
            throw new PipelineException(ErrorCode.Invariant, $"The step classifier returned {labels.Count} labels for {steps.Length} "
                + "steps.");
        if (labels.Where((label, i) => label.RelatesTo is { } other && (other < 0 || other >= i)).Any())
            throw new PipelineException(ErrorCode.Invariant, "The step classifier relates a step to one that does not come before it.");
        return [.. steps.Select((step, i) => step with { Category = labels[i].Category, Marker = labels[i].Marker, RelatesTo = labels[i].RelatesTo })];
    }
}
