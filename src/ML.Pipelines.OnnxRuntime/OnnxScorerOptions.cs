namespace ML.Pipelines.OnnxRuntime;

/// <summary>How an <see cref="OnnxLanguageScorer"/> runs its model.</summary>
public sealed record OnnxScorerOptions : OnnxSessionOptions
{
    /// <summary>The most left-out variants in one pass; 1 turns batching off.</summary>
    public int MaxBatch { get; init; } = 16;

    /// <summary>The most tokens of a batch, padding included; a longer sequence runs alone. A CPU gains nothing beyond a few hundred, a GPU
    /// does.</summary>
    public int MaxBatchTokens { get; init; } = 256;

    /// <summary>The largest share of padding among the tokens of a batch, 0 to 1.</summary>
    public double PaddingShare { get; init; } = 0.02;

    internal override void Validate()
    {
        base.Validate();
        Require(MaxBatch >= 1, nameof(MaxBatch), "at least 1");
        Require(MaxBatchTokens >= 0, nameof(MaxBatchTokens), "at least 0");
        Require(PaddingShare is >= 0 and <= 1, nameof(PaddingShare), "0 to 1");
    }
}
