namespace ML.Pipelines.Models;

/// <summary>The scores of a <see cref="LeaveOneOutRequest"/>, or its overflow.</summary>
public sealed record LeaveOneOutResult
{
    /// <summary>The tokens of each segment, parallel to the request's segments; set on overflow too.</summary>
    public required IReadOnlyList<int> SegmentTokens { get; init; }

    /// <summary>Log-probabilities (nats, at most 0) of the continuation's tokens after the whole context; empty on overflow.</summary>
    public required IReadOnlyList<double> Full { get; init; }

    /// <summary>The same after the context without segment LeaveOut[i], parallel to the request's LeaveOut; empty on overflow.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Without { get; init; }

    /// <summary>Tokens that were to be read: the chain once, and what follows each left-out segment; 0: the scorer does not tell.</summary>
    public long InputTokens { get; init; }

    /// <summary>Set when the whole context with the continuation does not fit the model.</summary>
    public ContextOverflow? Overflow { get; init; }
}

/// <summary>A context that does not fit.</summary>
/// <param name="RequiredTokens">Tokens of begin-of-text, prefix, all segments, suffix and continuation.</param>
/// <param name="ContextLength">The model's limit.</param>
public sealed record ContextOverflow(int RequiredTokens, int ContextLength);
