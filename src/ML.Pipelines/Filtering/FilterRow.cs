using Microsoft.ML;
using ML.Pipelines.Data;

namespace ML.Pipelines.Filtering;

/// <summary>What a filter reads of a row.</summary>
/// <param name="Id">The row's id.</param>
/// <param name="Text">The text that decides.</param>
/// <param name="Solution">The solution, or null.</param>
/// <param name="Source">Where the row comes from, or null.</param>
/// <param name="Verdict">A judge's verdict on the solution, or null.</param>
/// <param name="HasTests">Whether the problem has tests.</param>
/// <param name="Number">The row's number in its data set, which tells rows of the same id apart; null where no filter asks for it.</param>
public sealed record FilterRow(
    string Id, string Text, string? Solution = null, string? Source = null, string? Verdict = null, bool HasTests = false,
    string? Number = null)
{
    internal static Func<FilterRow> Reader(DataViewRow row, string idColumn, string textColumn, string option)
    {
        var (id, text) = (Columns.RowId(row, idColumn), Columns.TextOrEmpty(row, Columns.Get(row.Schema, textColumn, option)));
        return () => new(id(), text());
    }
}
