namespace ML.Pipelines.Training;

/// <summary>Trains models on rows: the contract with whatever trains, in this process or elsewhere.</summary>
/// <remarks>A training that was finished is not made again: the same task gives the same folder, over processes that were killed.</remarks>
public interface ITrainer
{
    /// <summary>Trains a model, or finds the one that the same training made.</summary>
    /// <param name="task">What to train on.</param>
    /// <param name="cancellationToken">Ends the training; nothing that looks finished is left.</param>
    /// <returns>The model, as an <see cref="IPredictor"/> takes it: commonly its folder.</returns>
    /// <exception cref="PipelineException"><see cref="ErrorCode.TrainingFailed"/>.</exception>
    Task<string> TrainAsync(TrainingTask task, CancellationToken cancellationToken = default);
}

/// <summary>Has trained models answer.</summary>
public interface IPredictor
{
    /// <summary>Asks a model.</summary>
    /// <param name="model">What <see cref="ITrainer.TrainAsync"/> returned.</param>
    /// <param name="prompts">The prompts, each with an id of its own.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The model's texts in the prompts' order; null where it has none.</returns>
    /// <exception cref="PipelineException"><see cref="ErrorCode.TrainingFailed"/>, or
    /// <see cref="ErrorCode.InvalidPredictions"/>.</exception>
    Task<IReadOnlyList<string?>> PredictAsync(
        string model, IReadOnlyList<Prompt> prompts, CancellationToken cancellationToken = default);
}

/// <summary>A training.</summary>
/// <param name="Rows">What is trained on, in order; at least one row.</param>
/// <param name="Seed">Seeds the training.</param>
/// <param name="Base">The model to start from: a name, or a folder; null: the trainer's own choice.</param>
public sealed record TrainingTask(IReadOnlyList<TrainingRow> Rows, int Seed, string? Base = null);

/// <summary>A row of supervised fine-tuning.</summary>
/// <param name="Instruction">What the model is asked.</param>
/// <param name="Output">What it shall answer.</param>
public sealed record TrainingRow(string Instruction, string Output);

/// <summary>What a trained model is asked.</summary>
/// <param name="Id">Tells prompts of one request apart.</param>
/// <param name="Text">What the model is asked, as <see cref="TrainingRow.Instruction"/> was.</param>
public sealed record Prompt(string Id, string Text);
