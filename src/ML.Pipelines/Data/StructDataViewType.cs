using Microsoft.ML.Data;

namespace ML.Pipelines.Data;

/// <summary>A struct of scalars; raw type <see cref="StructValue"/>. Equal when the fields are equal in order, name and type.</summary>
/// <remarks>Primitive in ML.NET's sense: immutable values, freely copied. Cache and ShuffleRows drop columns of other types.</remarks>
public sealed class StructDataViewType : PrimitiveDataViewType
{
    /// <summary>Creates the type.</summary>
    /// <param name="fields">At least one field, names unique.</param>
    public StructDataViewType(IReadOnlyList<StructField> fields) : base(typeof(StructValue)) => Fields = fields;

    /// <summary>The fields in order.</summary>
    public IReadOnlyList<StructField> Fields { get; }

    /// <inheritdoc/>
    public override bool Equals(DataViewType? other) => other is StructDataViewType type && type.Fields.SequenceEqual(Fields);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is DataViewType type && Equals(type);

    /// <inheritdoc/>
    public override int GetHashCode() => Fields.Aggregate(1, HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString() => $"Struct<{string.Join(", ", Fields.Select(field => $"{field.Name}: {field.Type}"))}>";
}
