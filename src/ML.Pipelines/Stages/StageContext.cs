using Microsoft.ML.Data;
using ML.Pipelines.Data;
using ML.Pipelines.Rewriting;

namespace ML.Pipelines.Stages;

/// <summary>What a run gives to its stages from outside.</summary>
/// <param name="Rejects">Where rows that leave the data set go.</param>
/// <param name="Fitted">What stages learned from the data set before, and where they keep it; null: they learn it in each Fit.</param>
/// <param name="CancellationToken">Stops the stages: those that call models take no more rows.</param>
public sealed record StageContext(IRejectSink Rejects, FittedParameters? Fitted = null, CancellationToken CancellationToken = default)
{
    /// <summary>Ends the calls in flight, which a stop alone lets finish where this is another token: they are paid for.</summary>
    public CancellationToken CallToken { get; init; } = CancellationToken;

    /// <summary>Called with what a teacher tried for a row; may be null.</summary>
    internal Action<DataViewRowId, IReadOnlyList<AttemptEvidence>>? Attempted { get; set; }

    /// <summary>Called for each row that a stage has learned from in Fit; may be null.</summary>
    internal Action? Learned { get; set; }
}
