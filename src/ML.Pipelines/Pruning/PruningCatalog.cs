using ML.Pipelines.Models;
using ML.Pipelines.Pruning;
using ML.Pipelines.Text;

namespace ML.Pipelines;

/// <content>Pruning of chains of thought.</content>
public sealed partial class TrainingSetsCatalog
{
    /// <summary>Divides a chain of thought into steps.</summary>
    /// <param name="outputColumnName">The steps column to make.</param>
    /// <param name="inputColumnName">The text column; null: <c>reasoning</c>.</param>
    /// <param name="segmenter">How to divide; null: by sentences, 3-4 a step, without a model.</param>
    public StepSegmentingEstimator SegmentSteps(string outputColumnName, string? inputColumnName = null, IStepSegmenter? segmenter = null) =>
        new(Stages, outputColumnName, inputColumnName ?? "reasoning", segmenter ?? new StepSegmenter());

    /// <summary>Gives each step its category.</summary>
    /// <param name="outputColumnName">The steps column to make or replace.</param>
    /// <param name="inputColumnName">The steps column to read; null: the output's name.</param>
    /// <param name="classifier">How to classify; null: by the marker phrases of LIMOPro's Table 4.</param>
    public StepClassifyingEstimator ClassifySteps(
        string outputColumnName, string? inputColumnName = null, IStepClassifier? classifier = null) =>
        new(Stages, outputColumnName, inputColumnName ?? outputColumnName, classifier ?? new MarkerStepClassifier());

    /// <summary>Removes the functional steps that matter least for the answer's likelihood (PIR).</summary>
    /// <param name="outputColumnName">The column of pruned chains to make; may be the chain's own.</param>
    /// <param name="inputColumnName">The steps column; steps without category are classified by marker phrases first.</param>
    /// <param name="scorer">The language model; stays the caller's to dispose of.</param>
    /// <param name="options">Ratio, method, policies; null for the defaults.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>: an option is out of range.</exception>
    public PerplexityPruningEstimator PruneByPerplexity(
        string outputColumnName, string inputColumnName, ILanguageScorer scorer, PruningOptions? options = null) =>
        PruneByPerplexity(outputColumnName, inputColumnName, new LanguageStepScorer(scorer, (options ?? new()).Overflow), options);

    /// <inheritdoc cref="PruneByPerplexity(string, string, ILanguageScorer, PruningOptions)"/>
    /// <param name="outputColumnName">The column of pruned chains to make; may be the chain's own.</param>
    /// <param name="inputColumnName">The steps column.</param>
    /// <param name="scorer">Where importances come from, for example an earlier run's evidence.</param>
    /// <param name="options">Ratio, method, policies; null for the defaults.</param>
    public PerplexityPruningEstimator PruneByPerplexity(
        string outputColumnName, string inputColumnName, IStepScorer scorer, PruningOptions? options = null) =>
        new(Stages, outputColumnName, inputColumnName, scorer, new MarkerStepClassifier(), options ?? new());
}
