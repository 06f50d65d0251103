namespace ML.Pipelines.Text;

/// <summary>An answer as it compares: a scalar, a list, a set, or a tuple or interval.</summary>
internal sealed record AnswerForm
{
    /// <summary>The bracket kind of a list without brackets.</summary>
    public const string List = "";

    /// <summary>The bracket kind of a set.</summary>
    public const string Set = "{}";

    /// <summary>The bracket kind of a union of intervals.</summary>
    public const string Union = "u";

    /// <summary>What compares when nothing else does.</summary>
    public required string Key { get; init; }

    /// <summary>The name before the equals sign, if any.</summary>
    public string? Name { get; init; }

    /// <summary>The elements; null for a scalar.</summary>
    public IReadOnlyList<AnswerForm>? Elements { get; init; }

    /// <summary>The brackets around the elements, such as <c>[)</c>.</summary>
    public string Brackets { get; init; } = List;

    /// <summary>A scalar's value, where it is an expression.</summary>
    public AnswerExpression? Expression { get; init; }

    /// <summary>A scalar's unit, singular and in lower case, if any.</summary>
    public string? Unit { get; init; }

    /// <summary>Whether a scalar is in per cent.</summary>
    public bool IsPercent { get; init; }

    /// <summary>Whether the order of the elements does not matter.</summary>
    public bool IsUnordered => Brackets is List or Set or Union;
}
