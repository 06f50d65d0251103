using ML.Pipelines.Data;

namespace ML.Pipelines.Stages;

/// <summary>What a run gives to its stages from outside.</summary>
/// <param name="Rejects">Where rows that leave the data set go.</param>
/// <param name="Fitted">What stages learned from the data set before, and where they keep it; null: they learn it in each Fit.</param>
/// <param name="CancellationToken">Stops the stages.</param>
public sealed record StageContext(IRejectSink Rejects, FittedParameters? Fitted = null, CancellationToken CancellationToken = default);
