using Microsoft.ML;
using ML.Pipelines.Data;

namespace ML.Pipelines.Filtering;

/// <summary>What a filter reads of a row.</summary>
/// <param name="Id">The row's id.</param>
/// <param name="Text">The text that decides.</param>
/// <param name="Solution">The solution, or null.</param>
/// <param name="Source">Where the row comes from, or null.</param>
public sealed record FilterRow(string Id, string Text, string? Solution = null, string? Source = null)
{
    internal static Func<FilterRow> Reader(DataViewRow row, string idColumn, string textColumn, string option)
    {
        var (id, text) = (Columns.RowId(row, idColumn), Columns.TextOrEmpty(row, Columns.Get(row.Schema, textColumn, option)));
        return () => new(id(), text());
    }
}
