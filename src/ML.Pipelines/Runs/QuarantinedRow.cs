using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;
using ML.Pipelines.Stages;

namespace ML.Pipelines.Runs;

/// <summary>A row of quarantine (schema <c>quarantine</c>).</summary>
/// <param name="Row">The row and the stage that gave it up.</param>
/// <param name="Error">Why.</param>
internal sealed record QuarantinedRow(RejectedRow Row, RowError Error)
{
    private static readonly OutputColumn<QuarantinedRow>[] Schema =
    [
        OutputColumn<QuarantinedRow>.Text("row_id", row => row.Row.RowId),
        OutputColumn<QuarantinedRow>.Text("stage", row => row.Row.Stage),
        OutputColumn<QuarantinedRow>.Text("code", row => row.Error.Code),
        OutputColumn<QuarantinedRow>.Text("message", row => row.Error.Message),
        OutputColumn<QuarantinedRow>.Create("attempts", NumberDataViewType.Int32, row => row.Error.Attempts),
        OutputColumn<QuarantinedRow>.Text("row", row => row.Row.Raw),
    ];

    public static IDataView ToDataView(IReadOnlyList<QuarantinedRow> rows) => new RowsDataView<QuarantinedRow>(rows, Schema);

    public static IEnumerable<QuarantinedRow> ReadBack(RecordDataView view)
    {
        using var cursor = view.GetRowCursor(view.Schema);
        var texts = Array.ConvertAll(["row_id", "stage", "code", "message", "row"], (string name) =>
            Columns.TextOrEmpty(cursor, Columns.Get(cursor.Schema, name, "quarantine")));
        var attempts = Columns.Value<int>(cursor, Columns.Get(cursor.Schema, "attempts", "quarantine"));
        while (cursor.MoveNext())
            yield return new(new RejectedRow(texts[1](), texts[0](), default, texts[4]()), new RowError(texts[2](), texts[3](), attempts()));
    }
}
