namespace ML.Pipelines.Training;

/// <summary>Trains nothing and answers nothing: for a plan's estimate and for checks of a job.</summary>
public sealed class EstimatingTrainer : ITrainer, IPredictor
{
    /// <inheritdoc/>
    public Task<string> TrainAsync(TrainingTask task, CancellationToken cancellationToken = default) => Task.FromResult("");

    /// <inheritdoc/>
    public Task<IReadOnlyList<string?>> PredictAsync(
        string model, IReadOnlyList<Prompt> prompts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        return Task.FromResult<IReadOnlyList<string?>>(new string?[prompts.Count]);
    }
}
