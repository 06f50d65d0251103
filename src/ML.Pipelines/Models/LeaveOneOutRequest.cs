namespace ML.Pipelines.Models;

/// <summary>A context in pieces, a continuation, and the segments to leave out one at a time.</summary>
public sealed record LeaveOneOutRequest
{
    /// <summary>The text before the first segment (question, template); may be empty.</summary>
    public required string Prefix { get; init; }

    /// <summary>The segments in order; the context holds them without separators.</summary>
    public required IReadOnlyList<string> Segments { get; init; }

    /// <summary>The text between the last segment and the continuation (the bridge); the same for every variant; may be empty.</summary>
    public required string Suffix { get; init; }

    /// <summary>The text whose tokens are scored; at least one token.</summary>
    public required string Continuation { get; init; }

    /// <summary>Indices into <see cref="Segments"/>, strictly ascending: each is left out alone. May be empty.</summary>
    public required IReadOnlyList<int> LeaveOut { get; init; }
}
