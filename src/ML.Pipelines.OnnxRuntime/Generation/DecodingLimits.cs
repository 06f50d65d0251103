namespace ML.Pipelines.OnnxRuntime.Generation;

/// <summary>How much is decoded at once.</summary>
internal sealed record DecodingLimits
{
    /// <summary>The most tokens of a prompt in one pass.</summary>
    public int ChunkSize { get; init; } = 512;

    /// <summary>The most rows of a pass.</summary>
    public int MaxRows { get; init; } = 16;

    /// <summary>The most tokens of all caches together, padding included; a single row may need more.</summary>
    public int MaxCacheTokens { get; init; } = 16_384;
}
