namespace Microsoft.ML.Data;

/// <summary>The values of one column, in memory.</summary>
internal abstract class CachedColumn
{
    internal abstract int Count { get; }

    internal static CachedColumn Create(DataViewType type)
        => (CachedColumn)Activator.CreateInstance(typeof(CachedColumn<>).MakeGenericType(type.RawType),
            ValueConverter.Find(type.RawType, Plain(type)));

    internal abstract Action OpenAppend(DataViewRow row, DataViewSchema.Column column);

    internal abstract Delegate CreateGetter(Func<int> row);

    /// <summary>Keys are copied as they are; only the members of classes count from another origin.</summary>
    private static DataViewType Plain(DataViewType type) => type is KeyDataViewType ? DataViewTypes.OfRaw(type.RawType) : type;
}

internal sealed class CachedColumn<T>(ValueConverter<T, T> copier) : CachedColumn
{
    private readonly List<T> _values = [];


    internal override int Count => _values.Count;

    internal override Action OpenAppend(DataViewRow row, DataViewSchema.Column column)
    {
        var get = row.GetGetter<T>(column);
        return () =>
        {
            T value = default;
            get(ref value);
            _values.Add(copier.Fresh(value));
        };
    }

    internal override Delegate CreateGetter(Func<int> row)
        => (ValueGetter<T>)((ref T value) => copier.FromColumn(_values[row()], ref value));
}
