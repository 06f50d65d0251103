using Microsoft.ML;

namespace ML.Pipelines.Data;

/// <summary>The checks that every cursor makes before it hands out a getter, with ML.NET's own exceptions and messages.</summary>
internal static class RowAccess
{
    public static void Check<TValue>(DataViewRow row, DataViewSchema.Column column)
    {
        if (!row.IsColumnActive(column)) throw new ArgumentOutOfRangeException(nameof(column), "requested column not active");
        if (column.Type.RawType != typeof(TValue))
            throw new InvalidOperationException(
                $"Invalid TValue in GetGetter for column #{column.Name}: {column.Type}: '{typeof(TValue)}', expected type: "
                    + $"'{column.Type.RawType}'.");
    }
}
