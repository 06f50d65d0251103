using ML.Pipelines.Data;

namespace ML.Pipelines.Stages;

/// <summary>What a run gives to its stages from outside.</summary>
/// <param name="Rejects">Where rows that leave the data set go.</param>
/// <param name="CancellationToken">Stops the stages.</param>
public sealed record StageContext(IRejectSink Rejects, CancellationToken CancellationToken = default);
