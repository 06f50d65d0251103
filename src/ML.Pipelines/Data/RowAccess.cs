using Microsoft.ML;

namespace ML.Pipelines.Data;

/// <summary>The checks that every cursor makes before it hands out a getter, with ML.NET's own exceptions and messages.</summary>
internal static class RowAccess
{
    /// <summary>Which of a schema's columns a cursor is asked for.</summary>
    public static bool[] Active(DataViewSchema schema, IEnumerable<DataViewSchema.Column> columnsNeeded)
    {
        var active = new bool[schema.Count];
        foreach (var column in columnsNeeded) active[column.Index] = true;
        return active;
    }

    public static void Check<TValue>(DataViewRow row, DataViewSchema.Column column)
    {
        if (!row.IsColumnActive(column)) throw new ArgumentOutOfRangeException(nameof(column), "requested column not active");
        if (column.Type.RawType != typeof(TValue))
            throw new InvalidOperationException(
                $"Invalid TValue in GetGetter for column #{column.Name}: {column.Type}: '{typeof(TValue)}', expected type: "
                    + $"'{column.Type.RawType}'.");
    }
}
