using ML.Pipelines.Compression;
using ML.Pipelines.Models;
using ML.Pipelines.Training;

namespace ML.Pipelines;

/// <content>Compression of chains of thought.</content>
public sealed partial class TrainingSetsCatalog
{
    /// <summary>Drops the words of chains that carry least, to a rate.</summary>
    /// <typeparam name="TScorer">A model that reads texts and scores answers.</typeparam>
    /// <param name="outputColumnName">The column of compressed chains to make; may be the chain's own.</param>
    /// <param name="inputColumnName">The column of chains; null: <c>reasoning</c>.</param>
    /// <param name="scorer">The language model; stays the caller's to dispose of.</param>
    /// <param name="options">Rate, method, protected phrases; null for the defaults.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>: an option is out of range.</exception>
    public SelfInformationCompressionEstimator CompressBySelfInformation<TScorer>(
        string outputColumnName, string? inputColumnName, TScorer scorer, CompressionOptions? options = null)
        where TScorer : ILanguageScorer, ITextScorer =>
        CompressBySelfInformation(outputColumnName, inputColumnName, new LanguageWordScorer(scorer, scorer), options);

    /// <inheritdoc cref="CompressBySelfInformation{TScorer}(string, string, TScorer, CompressionOptions)"/>
    /// <param name="outputColumnName">The column of compressed chains to make; may be the chain's own.</param>
    /// <param name="inputColumnName">The column of chains; null: <c>reasoning</c>.</param>
    /// <param name="scorer">Where scores come from, for example a <see cref="JournalingWordScorer"/>.</param>
    /// <param name="options">Rate, method, protected phrases; null for the defaults.</param>
    public SelfInformationCompressionEstimator CompressBySelfInformation(
        string outputColumnName, string? inputColumnName, IWordScorer scorer, CompressionOptions? options = null) =>
        new(Stages, outputColumnName, inputColumnName ?? "reasoning", scorer, options ?? new());

    /// <summary>Selects each row's compression rate by cross-prediction (C3oT_Adapt, arXiv 2412.11664).</summary>
    /// <param name="outputColumnName">The column of the selected chains to make.</param>
    /// <param name="trainer">Trains models in Fit, for example a <see cref="CommandTrainer"/>.</param>
    /// <param name="predictor">Has them answer, for example a <see cref="CommandPredictor"/> or <see cref="ChatClientPredictor"/>.</param>
    /// <param name="options">The rates with their columns, folds, repeats.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>: an option is out of range. Fit throws with
    /// <see cref="ErrorCode.TrainingFailed"/> and <see cref="ErrorCode.InvalidPredictions"/>.</exception>
    public RateSelectionEstimator SelectCompressionRate(
        string outputColumnName, ITrainer trainer, IPredictor predictor, RateSelectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        ArgumentNullException.ThrowIfNull(predictor);
        ArgumentNullException.ThrowIfNull(options);
        return new(Stages, outputColumnName, trainer, predictor, options);
    }
}
