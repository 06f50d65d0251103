namespace ML.Pipelines.OnnxRuntime;

/// <summary>Where and how ONNX Runtime runs a model.</summary>
public abstract record OnnxSessionOptions
{
    private protected OnnxSessionOptions()
    {
    }

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

    /// <summary>Called once with what a person should know, e.g. that CUDA is not there and the CPU is used.</summary>
    public Action<string>? Notice { get; init; }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="PipelineException">With <see cref="ErrorCode.Configuration"/>: a value is out of its range; the message names the
    /// option.</exception>
    internal virtual void Validate()
    {
        Require(ChunkSize >= 1, nameof(ChunkSize), "at least 1");
        Require(Device >= 0, nameof(Device), "at least 0");
        Require(IntraOpThreads >= 0, nameof(IntraOpThreads), "at least 0");
        Require(ContextLength is null or >= 2, nameof(ContextLength), "at least 2");
    }

    private protected void Require(bool condition, string option, string range)
    {
        if (!condition)
            throw new PipelineException(ErrorCode.Configuration, $"{GetType().Name}.{option} must be {range}.");
    }
}
