using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Stages;

namespace ML.Pipelines.Data;

/// <summary>Finds columns by name and reads them as what a stage needs, with the product's errors.</summary>
internal static class Columns
{
    /// <summary>A visible column by its exact name, else by the only name that differs in case.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.MissingColumn"/>.</exception>
    public static DataViewSchema.Column Get(DataViewSchema schema, string name, string option) =>
        Find(schema, name) ?? throw new PipelineException(ErrorCode.MissingColumn,
            $"Column '{name}' ({option}) is not there. Columns: {string.Join(", ", Names(schema))}. Name the right one in {option}.");

    public static DataViewSchema.Column? Find(DataViewSchema schema, string name)
    {
        if (schema.GetColumnOrNull(name) is { } exact) return exact;
        var similar = schema.Where(c => !c.IsHidden && string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase)).Take(2).ToArray();
        return similar.Length == 1 ? similar[0] : null;
    }

    public static IEnumerable<string> Names(DataViewSchema schema) =>
        schema.Where(column => !column.IsHidden && !Nulls.IsCompanion(column)).Select(column => column.Name);

    /// <summary>The column, checked to be of a raw type.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.TypeMismatch"/>.</exception>
    public static DataViewSchema.Column Require<T>(DataViewSchema.Column column, string option) =>
        column.Type.RawType == typeof(T) ? column : throw Mistyped(column, typeof(T).Name, option);

    public static PipelineException Mistyped(DataViewSchema.Column column, string expected, string option) => new(ErrorCode.TypeMismatch,
        $"Column '{column.Name}' ({option}) is {column.Type}, expected {expected}. Name another column or convert it first.");

    /// <summary>A function that reads a column as text or null.</summary>
    public static Func<string?> TextOrNull(DataViewRow row, DataViewSchema.Column column)
    {
        var isNull = IsNull(row, column);
        var text = Text(row, column) ?? throw Mistyped(column, "text", "input");
        return () => isNull() ? null : text();
    }

    /// <summary>A function that reads a text column; null reads as empty.</summary>
    public static Func<string> TextOrEmpty(DataViewRow row, DataViewSchema.Column column)
    {
        var text = TextOrNull(row, column);
        return () => text() ?? "";
    }

    /// <summary>Whether <see cref="TextOrNull"/> can read columns of a type.</summary>
    public static bool IsTextLike(DataViewType type) =>
        type is TextDataViewType or BooleanDataViewType || type == NumberDataViewType.Int32 || type == NumberDataViewType.Int64 || type == NumberDataViewType.Double;

    /// <summary>A function that reads a text column that may be missing; then always null.</summary>
    public static Func<string?> OptionalText(DataViewRow row, string name) =>
        Find(row.Schema, name) is { } column ? TextOrNull(row, column) : () => null;

    /// <summary>A function that reads a column of text or lists of text as a list; null is an empty list, a null element empty
    /// text.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.TypeMismatch"/>.</exception>
    public static Func<IReadOnlyList<string>> Texts(DataViewRow row, DataViewSchema.Column column, string option)
    {
        if (column.Type is VectorDataViewType { ItemType: TextDataViewType })
        {
            var list = Value<VBuffer<ReadOnlyMemory<char>>>(row, column);
            return () => [.. list().DenseValues().Select(text => text.ToString())];
        }
        if (!IsTextLike(column.Type)) throw Mistyped(column, "text or a list of text", option);
        var single = TextOrNull(row, column);
        return () => single() is { } text ? [text] : [];
    }

    /// <summary>Those of the named columns that are there.</summary>
    public static IEnumerable<DataViewSchema.Column> Existing(DataViewSchema schema, params IEnumerable<string> names) =>
        names.Select(name => Find(schema, name)).OfType<DataViewSchema.Column>();

    /// <summary>A row's id: the text of a column, or where that is not there, the row's number.</summary>
    public static Func<string> RowId(DataViewRow row, string name) =>
        Find(row.Schema, name) is { } column ? TextOrEmpty(row, column) : RowParts.TextReader(row);

    /// <summary>Whether a trace is complete, by a Boolean column that may be missing; null is not known to be cut off.</summary>
    public static Func<bool> IsComplete(DataViewRow row, string name)
    {
        if (Find(row.Schema, name) is not { } found) return () => true;
        var column = Require<bool>(found, "completeColumn");
        var (isNull, complete) = (IsNull(row, column), Value<bool>(row, column));
        return () => isNull() || complete();
    }

    /// <summary>A function that reads a column's null flag; false for columns without one.</summary>
    public static Func<bool> IsNull(DataViewRow row, DataViewSchema.Column column)
    {
        if (Nulls.CompanionOf(row.Schema, column) is not { Type: BooleanDataViewType } companion) return () => false;
        return Value<bool>(row, companion);
    }

    /// <summary>A function that reads a column of a known raw type.</summary>
    public static Func<T> Value<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return value;
        };
    }

    private static Func<string>? Text(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is TextDataViewType) return Format<ReadOnlyMemory<char>>(row, column, text => text.ToString());
        if (column.Type is BooleanDataViewType) return Format<bool>(row, column, flag => flag ? "true" : "false");
        if (column.Type == NumberDataViewType.Int32) return Format<int>(row, column, n => n.ToString(CultureInfo.InvariantCulture));
        if (column.Type == NumberDataViewType.Int64) return Format<long>(row, column, n => n.ToString(CultureInfo.InvariantCulture));
        return column.Type == NumberDataViewType.Double ? Format<double>(row, column, n => n.ToString("R", CultureInfo.InvariantCulture)) : null;
    }

    private static Func<string> Format<T>(DataViewRow row, DataViewSchema.Column column, Func<T, string> format)
    {
        var value = Value<T>(row, column);
        return () => format(value());
    }
}
