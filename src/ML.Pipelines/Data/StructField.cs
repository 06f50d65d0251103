using Microsoft.ML.Data;

namespace ML.Pipelines.Data;

/// <summary>A field of a struct column.</summary>
/// <param name="Name">The field's name, case-sensitive.</param>
/// <param name="Type">Text, number, boolean, <see cref="DateTimeDataViewType"/> or <see cref="DateTimeOffsetDataViewType"/>.</param>
public sealed record StructField(string Name, PrimitiveDataViewType Type)
{
    /// <summary>A text field.</summary>
    public static StructField Text(string name) => new(name, TextDataViewType.Instance);
}
