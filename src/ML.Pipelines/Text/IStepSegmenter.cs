namespace ML.Pipelines.Text;

/// <summary>Splits a chain of thought into steps.</summary>
public interface IStepSegmenter
{
    /// <summary>
    /// The steps in order: adjacent, non-empty, and together the whole text, so that their concatenation is the input to the byte.
    /// </summary>
    /// <param name="reasoning">The chain of thought; an empty text has no steps.</param>
    /// <param name="cancellationToken">Cancels a segmenter that calls a model.</param>
    ValueTask<IReadOnlyList<TextSpan>> SegmentAsync(string reasoning, CancellationToken cancellationToken = default);
}
