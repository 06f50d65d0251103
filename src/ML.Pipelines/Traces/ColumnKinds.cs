using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;

namespace ML.Pipelines.Traces;

/// <summary>Which types an expression can read, and how.</summary>
internal static class ColumnKinds
{
    /// <summary>What an expression needs where a column's type does not fit it; null where it does.</summary>
    public static string? Misfit(ColumnSource source, string field, DataViewType type)
    {
        if (source.Role is not null) return Conversation.Is(type) ? null : "a list of turns (role and content, or from and value)";
        if (source.First) return IsTextList(type) ? null : "a list of text";
        return Fits(field, type) ? null : $"{Expected(field)}{Hint(source, type)}";
    }

    /// <summary>A function that reads a source's text in a row; null where there is none.</summary>
    public static Func<string?> Reader(DataViewRow row, ColumnSource source)
    {
        var column = row.Schema[source.Column];
        if (source.Role is { } role) return Conversation.Reader(row, column, role);
        return source.First ? FirstReader(row, column) : Columns.TextOrNull(row, column);
    }

    private static bool Fits(string field, DataViewType type) => type is TextDataViewType || field switch
    {
        TraceColumns.Id or TraceColumns.Answer => type == NumberDataViewType.Int32 || type == NumberDataViewType.Int64,
        TraceColumns.Complete => type is BooleanDataViewType,
        _ => false,
    };

    private static string Expected(string field) => field switch
    {
        TraceColumns.Id or TraceColumns.Answer => "text or an integer",
        TraceColumns.Complete => "text or boolean",
        _ => "text",
    };

    private static string Hint(ColumnSource source, DataViewType type) =>
        Conversation.Is(type) ? $" (for a turn of it write {source.Column}.user or {source.Column}.assistant)"
        : IsTextList(type) ? $" (for its first element write {source.Column}:first)"
        : "";

    private static bool IsTextList(DataViewType type) => type is VectorDataViewType { ItemType: TextDataViewType };

    // A null element is an empty text, and blank values count as nulls; so the list's companion is not needed.
    private static Func<string?> FirstReader(DataViewRow row, DataViewSchema.Column column)
    {
        var list = Columns.Value<VBuffer<ReadOnlyMemory<char>>>(row, column);
        return () => list() is { Length: > 0 } items ? items.GetItemOrDefault(0).ToString() : null;
    }
}
