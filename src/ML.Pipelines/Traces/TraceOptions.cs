namespace ML.Pipelines.Traces;

/// <summary>How <see cref="TraceAdaptingEstimator"/> reads a data set.</summary>
public sealed record TraceOptions
{
    /// <summary>The name of the row schema (<see cref="DataSchemas"/>); null: the columns' names decide.</summary>
    public string? Schema { get; init; }

    /// <summary>
    /// Fields of a trace (<see cref="TraceColumns"/>) by the expression that reads them, in place of the schema's. With both question
    /// and reasoning here and no <see cref="Schema"/>, no schema is looked for.
    /// </summary>
    /// <remarks>
    /// An expression is <c>column</c>, <c>column:take</c>, <c>column.role</c> or <c>column.role:take</c>; several with <c>|</c> between
    /// them are alternatives, the first that is not blank in a row counts; an empty expression leaves the field empty.
    /// Roles: user (human), assistant (gpt), system. Takes: whole, thought, solution, first, before-hashes, after-hashes, answer.
    /// </remarks>
    public IReadOnlyDictionary<string, string> Map { get; init; } = new Dictionary<string, string>();

    /// <summary>The column that holds the id, text or integer; null: what the schema says, else <c>id</c> if it is there.</summary>
    public string? IdColumn { get; init; }

    /// <summary>The source of all rows; null: what the schema says, else the column <c>source</c> if it is there.</summary>
    public string? Source { get; init; }
}
