using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;

namespace ML.Pipelines.Parquet.Tests;

/// <summary>
/// Rows as objects: null, a scalar (text as string), a list of scalars as object?[], a struct as StructValue, a list of structs as
/// StructValue?[]. Two tables are the same when their texts are.
/// </summary>
internal sealed record Table(IReadOnlyList<RecordColumn> Columns, IReadOnlyList<object?[]> Rows)
{
    public RecordDataView View => new(new TableSource(this));

    public static Table Of(IDataView view)
    {
        var columns = view.Schema.Where(column => !column.IsHidden && !Nulls.IsCompanion(column)).ToArray();
        using var cursor = view.GetRowCursor(view.Schema.Where(column => !column.IsHidden));
        var getters = columns.Select(column => Value(cursor, column)).ToArray();
        var rows = new List<object?[]>();
        while (cursor.MoveNext()) rows.Add([.. getters.Select(getter => getter())]);
        return new([.. columns.Select(column =>
            new RecordColumn(column.Name, column.Type, Nulls.CompanionOf(view.Schema, column) is not null))], rows);
    }

    /// <summary>The rows as text; what two engines may see differently (whether a column may have nulls) is not in it.</summary>
    public override string ToString() => string.Join('\n',
        [string.Join(" | ", Columns.Select(column => $"{column.Name}: {column.Type}")),
            .. Rows.Select(row => string.Join(" | ", row.Select(Text)))]);

    public static string Text(object? value) => value switch
    {
        null => "null",
        string text => $"'{text}'",
        StructValue structure => $"{{{string.Join(", ", Enumerable.Range(0, structure.Count).Select(i => Text(structure[i])))}}}",
        System.Collections.IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(Text))}]",
        DateTime time => new DateTime(time.Ticks).ToString("O", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static Func<object?> Value(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is StructListDataViewType list)
        {
            var structs = list.GetStructs(row, column);
            StructValue?[] value = [];
            return Nullable(row, column, () => { structs(ref value); return value; });
        }
        var method = column.Type is VectorDataViewType ? nameof(List) : nameof(Scalar);
        var type = column.Type is VectorDataViewType vector ? vector.ItemType.RawType : column.Type.RawType;
        return (Func<object?>)typeof(Table).GetMethod(method,
            System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!
            .MakeGenericMethod(type).Invoke(null, [row, column])!;
    }

    private static Func<object?> Scalar<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<T>(column);
        T value = default!;
        return Nullable(row, column, () => { getter(ref value); return Box(value); });
    }

    private static Func<object?> List<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<VBuffer<T>>(column);
        var nulls = Nulls.CompanionOf(row.Schema, column) is { } companion ? row.GetGetter<VBuffer<bool>>(companion) : null;
        VBuffer<T> values = default;
        VBuffer<bool> flags = default;
        return () =>
        {
            getter(ref values);
            nulls?.Invoke(ref flags);
            if (values.Length == 0 && flags.Length == 1) return null;
            var isNull = flags.DenseValues().ToArray();
            return values.DenseValues().Select((value, i) => i < isNull.Length && isNull[i] ? null : Box(value)).ToArray();
        };
    }

    private static Func<object?> Nullable(DataViewRow row, DataViewSchema.Column column, Func<object?> value)
    {
        if (Nulls.CompanionOf(row.Schema, column) is not { } companion) return value;
        var getter = row.GetGetter<bool>(companion);
        var isNull = false;
        return () =>
        {
            getter(ref isNull);
            var read = value();
            return isNull ? null : read;
        };
    }

    private static object? Box<T>(T value) => value is ReadOnlyMemory<char> text ? text.ToString() : value;
}

/// <summary>A table as a source of rows.</summary>
internal sealed class TableSource(Table table) : RecordSource
{
    public override IReadOnlyList<RecordColumn> Columns => table.Columns;

    public override long RowCount => table.Rows.Count;

    public override RecordReader Open(IReadOnlyList<bool> active, long firstRow, long count) =>
        new Reader(table, firstRow, firstRow + count);

    private sealed class Reader(Table table, long first, long end) : RecordReader
    {
        private long _row = first - 1;

        public override long Row => _row;

        private object?[] Values => table.Rows[(int)_row];

        public override bool MoveNext() => ++_row < end;

        public override bool IsNull(int column) => Values[column] is null;

        public override void GetElementNulls(int column, ref VBuffer<bool> nulls)
        {
            var list = (object?[])Values[column]!;
            nulls = list.Contains(null) ? new(list.Length, [.. list.Select(value => value is null)]) : new(0, []);
        }

        public override ValueGetter<T> GetGetter<T>(int column)
        {
            var type = table.Columns[column].Type;
            if (type is StructListDataViewType structs)
                return (ValueGetter<T>)structs.FromStructs((ref StructValue?[] value) => value = (StructValue?[]?)Values[column] ?? []);
            if (type is not VectorDataViewType vector) return (ref T value) => value = Unbox<T>(Values[column]);
            return (ValueGetter<T>)typeof(Reader).GetMethod(nameof(List),
                System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!
                .MakeGenericMethod(vector.ItemType.RawType).Invoke(this, [column])!;
        }

        private static T Unbox<T>(object? value) => value switch
        {
            null => default!,
            string text when typeof(T) == typeof(ReadOnlyMemory<char>) => (T)(object)text.AsMemory(),
            _ => (T)value,
        };

        private ValueGetter<VBuffer<T>> List<T>(int column) => (ref VBuffer<T> value) =>
        {
            var list = (object?[]?)Values[column] ?? [];
            value = new(list.Length, [.. list.Select(Unbox<T>)]);
        };
    }
}
