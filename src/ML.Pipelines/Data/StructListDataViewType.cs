using Microsoft.ML;
using Microsoft.ML.Data;

namespace ML.Pipelines.Data;

/// <summary>A list of structs of scalars. Loaders and writers see every such column as <see cref="StructValue"/> arrays.</summary>
/// <remarks>
/// Primitive in ML.NET's sense, so values are never changed in place: Cache and ShuffleRows drop columns of other types.
/// Derive <see cref="StructListDataViewType{T}"/> to have a column of your own row class that is read from and written to
/// list&lt;struct&gt; columns; register it with <c>DataViewTypeManager.Register</c> to use the class in ML.NET's mappings.
/// </remarks>
public abstract class StructListDataViewType : PrimitiveDataViewType
{
    private protected StructListDataViewType(Type rawType, IReadOnlyList<StructField> fields) : base(rawType) => Fields = fields;

    /// <summary>The fields of each struct, in order.</summary>
    public IReadOnlyList<StructField> Fields { get; }

    /// <summary>The type for a file's column: <see cref="MessagesDataViewType"/> for (role, content), else structs as they are.</summary>
    public static StructListDataViewType For(IReadOnlyList<StructField> fields) =>
        MessagesDataViewType.Instance.Fields.SequenceEqual(fields) ? MessagesDataViewType.Instance : new UntypedStructListDataViewType(fields);

    /// <summary>A getter of the column's values as structs; a null element is a null struct.</summary>
    public abstract ValueGetter<StructValue?[]> GetStructs(DataViewRow row, DataViewSchema.Column column);

    /// <summary>The typed getter (<c>ValueGetter&lt;IReadOnlyList&lt;T&gt;&gt;</c>) over a getter of structs, for loaders.</summary>
    public abstract Delegate FromStructs(ValueGetter<StructValue?[]> getter);

    /// <inheritdoc/>
    public override bool Equals(DataViewType? other) =>
        other is StructListDataViewType type && type.RawType == RawType && type.Fields.SequenceEqual(Fields);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is DataViewType type && Equals(type);

    /// <inheritdoc/>
    public override int GetHashCode() => Fields.Aggregate(RawType.GetHashCode(), HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString() => $"List<{string.Join(", ", Fields.Select(field => $"{field.Name}: {field.Type}"))}>";
}

/// <summary>A list of structs whose elements are a class of their own; raw type <c>IReadOnlyList&lt;T&gt;</c>.</summary>
/// <remarks>Not <c>T[]</c>: ML.NET takes an array in a row class for a vector of its elements, so no such member could be mapped.</remarks>
/// <typeparam name="T">The element class.</typeparam>
public abstract class StructListDataViewType<T> : StructListDataViewType where T : class
{
    /// <summary>Creates the type.</summary>
    /// <param name="fields">At least one field, names unique.</param>
    protected StructListDataViewType(IReadOnlyList<StructField> fields) : base(typeof(IReadOnlyList<T>), fields) { }

    /// <summary>The struct of an element: values parallel to <see cref="StructListDataViewType.Fields"/>.</summary>
    protected abstract StructValue ToStruct(T element);

    /// <summary>The element of a struct.</summary>
    protected abstract T FromStruct(StructValue value);

    /// <inheritdoc/>
    public override ValueGetter<StructValue?[]> GetStructs(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<IReadOnlyList<T?>>(column);
        IReadOnlyList<T?>? elements = [];
        return (ref StructValue?[] value) =>
        {
            getter(ref elements!);
            value = [.. (elements ?? []).Select(element => element is null ? null : ToStruct(element))];
        };
    }

    /// <inheritdoc/>
    public override Delegate FromStructs(ValueGetter<StructValue?[]> getter)
    {
        StructValue?[] structs = [];
        return (ValueGetter<IReadOnlyList<T?>>)((ref IReadOnlyList<T?> value) =>
        {
            getter(ref structs);
            value = Array.ConvertAll(structs, element => element is null ? null : FromStruct(element));
        });
    }
}

/// <summary>A list of structs as a file holds it.</summary>
internal sealed class UntypedStructListDataViewType(IReadOnlyList<StructField> fields) : StructListDataViewType<StructValue>(fields)
{
    /// <inheritdoc/>
    protected override StructValue ToStruct(StructValue element) => element;

    /// <inheritdoc/>
    protected override StructValue FromStruct(StructValue value) => value;
}
