namespace ML.Pipelines.Text;

/// <summary>Gives each step exactly one category.</summary>
public interface IStepClassifier
{
    /// <summary>The labels, parallel to the steps.</summary>
    /// <param name="reasoning">The chain of thought.</param>
    /// <param name="steps">Its steps, as an <see cref="IStepSegmenter"/> returns them.</param>
    /// <param name="cancellationToken">Cancels a classifier that calls a model.</param>
    ValueTask<IReadOnlyList<StepLabel>> ClassifyAsync(
        string reasoning, IReadOnlyList<TextSpan> steps, CancellationToken cancellationToken = default);
}

/// <summary>A step's category and why.</summary>
/// <param name="Category">The category.</param>
/// <param name="Marker">The phrase that decided it, as it stands in the text; null when none did.</param>
/// <param name="RelatesTo">For an error correction, the index of the step that holds the mistake, where known.</param>
public readonly record struct StepLabel(StepCategory Category, string? Marker, int? RelatesTo = null);
