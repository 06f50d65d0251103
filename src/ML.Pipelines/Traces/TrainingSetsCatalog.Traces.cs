using ML.Pipelines.Traces;

namespace ML.Pipelines;

public sealed partial class TrainingSetsCatalog
{
    /// <summary>Turns rows of any known schema (<see cref="DataSchemas"/>) into reasoning traces: <see cref="TraceColumns"/>.</summary>
    /// <param name="options">Schema and map where the columns' names do not say it; null for the defaults.</param>
    public TraceAdaptingEstimator AdaptTraces(TraceOptions? options = null) => new(Stages, options ?? new());
}
