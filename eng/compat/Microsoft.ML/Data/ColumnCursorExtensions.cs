using System.Reflection;

namespace Microsoft.ML.Data;

public static class ColumnCursorExtensions
{
    public static IEnumerable<T> GetColumn<T>(this IDataView data, string columnName)
    {
        Check.NotNull(data, nameof(data));
        return data.GetColumn<T>(data.Schema[Check.NonEmpty(columnName, nameof(columnName))]);
    }

    public static IEnumerable<T> GetColumn<T>(this IDataView data, DataViewSchema.Column column)
    {
        Check.NotNull(data, nameof(data));
        Check.Param(data.Schema.Owns(column), nameof(column),
            $"column with name {column.Name}, type {column.Type}, and index {column.Index} cannot be found in {nameof(data)}");
        var converter = ValueConverter.Find(typeof(T), column.Type);
        Check.Param(converter is not null, nameof(column),
            $"Cannot map column (name: {column.Name}, type: {column.Type}) in data to the user-defined type, {typeof(T)}.");
        return (IEnumerable<T>)typeof(ColumnCursorExtensions).GetMethod(nameof(Values), BindingFlags.NonPublic | BindingFlags.Static)
            .MakeGenericMethod(typeof(T), column.Type.RawType).Invoke(null, [data, column, converter]);
    }

    private static IEnumerable<T> Values<T, TValue>(IDataView data, DataViewSchema.Column column, ValueConverter<T, TValue> converter)
    {
        using var cursor = data.GetRowCursor([column]);
        var get = cursor.GetGetter<TValue>(column);
        TValue value = default;
        while (cursor.MoveNext())
        {
            get(ref value);
            yield return converter.Fresh(value);
        }
    }
}
