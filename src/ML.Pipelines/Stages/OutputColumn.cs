using Microsoft.ML;
using Microsoft.ML.Data;

namespace ML.Pipelines.Stages;

/// <summary>A column that a stage adds.</summary>
/// <typeparam name="TOut">The row a stage writes.</typeparam>
public abstract class OutputColumn<TOut>
{
    private static readonly Dictionary<string, string> NoAnnotations = [];

    private protected OutputColumn(string name, DataViewType type, Func<TOut, bool>? isNull, IReadOnlyDictionary<string, string>? annotations)
    {
        Name = name;
        Type = type;
        IsNull = isNull;
        Annotations = annotations ?? NoAnnotations;
    }

    /// <summary>The column's name.</summary>
    public string Name { get; }

    /// <summary>The column's type.</summary>
    public DataViewType Type { get; }

    /// <summary>Whether the value is null; null where it never is, and then the column has no companion.</summary>
    public Func<TOut, bool>? IsNull { get; }

    /// <summary>Annotations by key, for stages downstream.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; }

    /// <summary>A <c>ValueGetter</c> of the column's raw type over the current row.</summary>
    internal abstract Delegate Getter(Func<TOut> current);

    /// <summary>A <c>ValueGetter</c> of the companion's raw type over the current row.</summary>
    internal Delegate NullGetter(Func<TOut> current) => Type is VectorDataViewType
        ? (ValueGetter<VBuffer<bool>>)((ref VBuffer<bool> value) => value = IsNull!(current()) ? new VBuffer<bool>(1, [true]) : default)
        : (ValueGetter<bool>)((ref bool value) => value = IsNull!(current()));

    /// <summary>A text column; null values become empty text with the companion set.</summary>
    public static OutputColumn<TOut> Text(
        string name, Func<TOut, string?> value, bool nullable = false, IReadOnlyDictionary<string, string>? annotations = null) =>
        Create(name, TextDataViewType.Instance, row => value(row).AsMemory(), nullable ? row => value(row) is null : null, annotations);

    /// <summary>A column of any type.</summary>
    /// <exception cref="ArgumentException"><typeparamref name="T"/> is not the type's raw type.</exception>
    public static OutputColumn<TOut> Create<T>(
        string name, DataViewType type, Func<TOut, T> value, Func<TOut, bool>? isNull = null,
        IReadOnlyDictionary<string, string>? annotations = null)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (type.RawType != typeof(T)) throw new ArgumentException($"Column '{name}' of {type} takes {type.RawType}, not {typeof(T)}.", nameof(type));
        if (type is not VectorDataViewType list) return new Scalar<T>(name, type, value, isNull, annotations);
        var vector = typeof(Vector<>).MakeGenericType(typeof(TOut), list.ItemType.RawType);
        return (OutputColumn<TOut>)Activator.CreateInstance(vector, name, type, value, isNull, annotations)!;
    }

    private sealed class Scalar<T>(
        string name, DataViewType type, Func<TOut, T> value, Func<TOut, bool>? isNull, IReadOnlyDictionary<string, string>? annotations)
        : OutputColumn<TOut>(name, type, isNull, annotations)
    {
        internal override Delegate Getter(Func<TOut> current) => (ValueGetter<T>)((ref T target) => target = value(current()));
    }

    // Whoever asks for a vector may write into its buffers afterwards, so the row's own stay with the row.
    private sealed class Vector<T>(
        string name, DataViewType type, Func<TOut, VBuffer<T>> value, Func<TOut, bool>? isNull, IReadOnlyDictionary<string, string>? annotations)
        : OutputColumn<TOut>(name, type, isNull, annotations)
    {
        internal override Delegate Getter(Func<TOut> current) =>
            (ValueGetter<VBuffer<T>>)((ref VBuffer<T> target) => value(current()).CopyTo(ref target));
    }
}
