namespace ML.Pipelines.Data;

/// <summary>One struct: values parallel to the fields of its column's type. Immutable.</summary>
/// <remarks>A text is a <see cref="string"/>, a number its CLR type, a timestamp <see cref="DateTime"/> or
/// <see cref="DateTimeOffset"/>; null is null.</remarks>
public sealed class StructValue : IEquatable<StructValue>
{
    private readonly object?[] _values;

    /// <summary>Creates a struct; the array is taken over, not copied.</summary>
    public StructValue(params object?[] values) => _values = values;

    /// <summary>The value of field <paramref name="index"/>, or null.</summary>
    public object? this[int index] => _values[index];

    /// <summary>The number of fields.</summary>
    public int Count => _values.Length;

    /// <inheritdoc/>
    public bool Equals(StructValue? other) => other is not null && _values.AsSpan().SequenceEqual(other._values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as StructValue);

    /// <inheritdoc/>
    public override int GetHashCode() => _values.Aggregate(_values.Length, HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString() => $"{{{string.Join(", ", _values)}}}";
}
