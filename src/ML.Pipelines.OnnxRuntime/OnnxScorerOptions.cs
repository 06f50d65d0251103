namespace ML.Pipelines.OnnxRuntime;

/// <summary>Where a model runs.</summary>
public enum OnnxProvider
{
    /// <summary>CUDA where it works, else the CPU, with a notice.</summary>
    Auto,

    /// <summary>The CPU.</summary>
    Cpu,

    /// <summary>CUDA or a fault.</summary>
    Cuda,
}

/// <summary>How an <see cref="OnnxLanguageScorer"/> runs its model.</summary>
public sealed record OnnxScorerOptions
{
    /// <summary>Where the model runs.</summary>
    public OnnxProvider Provider { get; init; } = OnnxProvider.Auto;

    /// <summary>The CUDA device.</summary>
    public int Device { get; init; }

    /// <summary>Threads inside one operator; 0 takes one for every processor that this process may use.</summary>
    public int IntraOpThreads { get; init; }

    /// <summary>Whether idle threads spin between operators: faster alone on its cores, wasteful beside other work.</summary>
    public bool Spinning { get; init; } = true;

    /// <summary>The most tokens of a sequence in one pass; attention memory grows with it times the context. At least 1.</summary>
    public int ChunkSize { get; init; } = 512;

    /// <summary>The most tokens of a context with its continuation; null takes config.json's max_position_embeddings.</summary>
    public int? ContextLength { get; init; }

    /// <summary>The most left-out variants in one pass; 1 turns batching off.</summary>
    public int MaxBatch { get; init; } = 16;

    /// <summary>The most tokens of a batch, padding included; a longer sequence runs alone. A CPU gains nothing beyond a few hundred, a GPU
    /// does.</summary>
    public int MaxBatchTokens { get; init; } = 256;

    /// <summary>The largest share of padding among the tokens of a batch, 0 to 1.</summary>
    public double PaddingShare { get; init; } = 0.02;

    /// <summary>Called once with what a person should know, e.g. that CUDA is not there and the CPU is used.</summary>
    public Action<string>? Notice { get; init; }

    internal void Validate()
    {
        Require(ChunkSize >= 1, nameof(ChunkSize), "at least 1");
        Require(MaxBatch >= 1, nameof(MaxBatch), "at least 1");
        Require(MaxBatchTokens >= 0, nameof(MaxBatchTokens), "at least 0");
        Require(Device >= 0, nameof(Device), "at least 0");
        Require(IntraOpThreads >= 0, nameof(IntraOpThreads), "at least 0");
        Require(PaddingShare is >= 0 and <= 1, nameof(PaddingShare), "0 to 1");
        Require(ContextLength is null or >= 2, nameof(ContextLength), "at least 2");
    }

    private static void Require(bool condition, string option, string range)
    {
        if (!condition)
            throw new PipelineException(ErrorCode.Configuration, $"{nameof(OnnxScorerOptions)}.{option} must be {range}.");
    }
}
