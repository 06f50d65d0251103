using Microsoft.ML;
using ML.Pipelines.Data;
using ML.Pipelines.Runs;
using ML.Pipelines.Stages;

namespace ML.Pipelines;

/// <summary>The estimators of ML.Pipelines.</summary>
/// <remarks>It hangs on the context itself because outside code cannot reach the environment behind <c>mlContext.Transforms</c>.</remarks>
public sealed partial class TrainingSetsCatalog
{
    internal TrainingSetsCatalog(MLContext context, StageContext stages)
    {
        Context = context;
        Stages = stages;
    }

    internal MLContext Context { get; }

    internal StageContext Stages { get; }
}

/// <summary>Puts the catalog on <see cref="MLContext"/>.</summary>
public static class TrainingSetsExtensions
{
    /// <summary>The estimators of ML.Pipelines.</summary>
    /// <param name="context">The ML.NET context.</param>
    /// <param name="rejects">Where rows go that leave the data set; null: each is logged to <see cref="MLContext.Log"/> as a warning.</param>
    /// <param name="cancellationToken">Stops the stages.</param>
    public static TrainingSetsCatalog TrainingSets(
        this MLContext context, IRejectSink? rejects = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new(context, new StageContext(rejects ?? new LoggingRejectSink(context), null, cancellationToken));
    }

    /// <summary>The estimators of ML.Pipelines for the chain of a run: its sink, its cancellation, and what its plan holds already.</summary>
    /// <param name="context">The ML.NET context.</param>
    /// <param name="run">The run.</param>
    public static TrainingSetsCatalog TrainingSets(this MLContext context, PipelineRun run)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(run);
        return new(context, run.Stages);
    }
}
