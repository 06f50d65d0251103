namespace ML.Pipelines.Traces;

/// <summary>A reasoning trace: one row of what the stages of this library read.</summary>
public sealed record ReasoningTrace
{
    /// <summary>The row's id; a content hash (see <c>docs/traces.md</c>) where the data set gives none.</summary>
    public required string Id { get; init; }

    /// <summary>Where the row comes from; null where unknown.</summary>
    public string? Source { get; init; }

    /// <summary>The question; empty only in a row that goes to quarantine.</summary>
    public required string Question { get; init; }

    /// <summary>The chain of thought, byte for byte as in the input, without tags; empty only in a row that goes to quarantine.</summary>
    public required string Reasoning { get; init; }

    /// <summary>What follows the chain; null where there is nothing.</summary>
    public string? Solution { get; init; }

    /// <summary>The final answer; null where the row has none.</summary>
    public string? Answer { get; init; }

    /// <summary>The system prompt; null where there is none.</summary>
    public string? System { get; init; }

    /// <summary>False where the chain was opened but never closed, or its generation ended for its length.</summary>
    public bool Complete { get; init; } = true;
}
