using System.Globalization;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;

namespace ML.Pipelines.Tests.Data;

/// <summary>Rows as text, nulls put back from the companions: <c>1, 'text', [1, null], {'a', 2}</c>.</summary>
internal static class RowText
{
    private static readonly MethodInfo ScalarMethod = Method(nameof(Scalar));
    private static readonly MethodInfo ListMethod = Method(nameof(List));

    /// <summary>All rows; without names, all data columns.</summary>
    public static IReadOnlyList<string> Of(IDataView view, params string[] names) => [.. Lines(view, names)];

    /// <summary>All rows with their ids.</summary>
    public static IReadOnlyList<string> WithIds(IDataView view)
    {
        using var cursor = view.GetRowCursor(view.Schema);
        var id = cursor.GetIdGetter();
        var read = Reader(cursor, []);
        var rows = new List<string>();
        while (cursor.MoveNext())
        {
            DataViewRowId value = default;
            id(ref value);
            rows.Add($"{value}: {read()}");
        }
        return rows;
    }

    /// <summary>A function that reads the row a cursor stands on.</summary>
    public static Func<string> Reader(DataViewRow row, params string[] names)
    {
        var columns = names.Length > 0 ? names.Select(name => row.Schema[name]) : Data(row.Schema);
        var readers = columns.Select(column => Reader(row, column)).ToArray();
        return () => string.Join(", ", readers.Select(read => read()));
    }

    private static IEnumerable<string> Lines(IDataView view, string[] names)
    {
        var columns = names.Length > 0 ? names.Select(name => view.Schema[name]) : Data(view.Schema);
        var companions = columns.Select(column => Nulls.CompanionOf(view.Schema, column)).OfType<DataViewSchema.Column>();
        using var cursor = view.GetRowCursor([.. columns, .. companions]);
        var read = Reader(cursor, names);
        while (cursor.MoveNext()) yield return read();
    }

    private static IEnumerable<DataViewSchema.Column> Data(DataViewSchema schema) =>
        schema.Where(column => !column.IsHidden && !Nulls.IsCompanion(column));

    private static Func<string> Reader(DataViewRow row, DataViewSchema.Column column)
    {
        var method = column.Type is VectorDataViewType list ? ListMethod.MakeGenericMethod(list.ItemType.RawType)
            : ScalarMethod.MakeGenericMethod(column.Type.RawType);
        return (Func<string>)method.Invoke(null, [row, column])!;
    }

    private static MethodInfo Method(string name) => typeof(RowText).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!;

    private static Func<string> Scalar<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var value = Columns.Value<T>(row, column);
        var isNull = Columns.IsNull(row, column);
        return () => value() is var read && isNull() ? "null" : Format(read);
    }

    private static Func<string> List<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var value = Columns.Value<VBuffer<T>>(row, column);
        var nulls = Nulls.CompanionOf(row.Schema, column) is { } companion ? Columns.Value<VBuffer<bool>>(row, companion) : () => default;
        return () => Format(value().DenseValues().ToArray(), nulls().DenseValues().ToArray());
    }

    private static string Format<T>(T[] values, bool[] nulls)
    {
        if (values.Length == 0 && nulls.Length == 1) return "null";
        Assert.IsTrue(nulls.Length == 0 || nulls.Length == values.Length, "a list's companion is empty or parallel to it");
        return $"[{string.Join(", ", values.Select((value, i) => nulls.Length > 0 && nulls[i] ? "null" : Format(value)))}]";
    }

    private static string Format(object? value) => value switch
    {
        null => "null",
        ReadOnlyMemory<char> text => $"'{text}'",
        string text => $"'{text}'",
        bool flag => flag ? "true" : "false",
        StructValue row => $"{{{string.Join(", ", Enumerable.Range(0, row.Count).Select(i => Format(row[i])))}}}",
        Message message => $"{{{Format(message.Role)}, {Format(message.Content)}}}",
        IEnumerable<object?> items => $"[{string.Join(", ", items.Select(Format))}]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
