using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Stages;

namespace ML.Pipelines.Runs;

/// <summary>
/// The rows of a view read once into memory: a shard's data and evidence are written from the same single pass, which may cost model
/// calls. Memory is one shard's rows.
/// </summary>
internal sealed class BufferedDataView : InMemoryDataView
{
    private readonly List<(DataViewRowId Id, object[] Boxes)> _rows = [];
    private readonly PassThrough[] _columns;
    private readonly int[] _order;

    /// <summary>Reads the view to its end.</summary>
    /// <param name="source">The view.</param>
    /// <param name="rowRead">Called after each row with the id of its source row.</param>
    public BufferedDataView(IDataView source, Action<DataViewRowId> rowRead)
    {
        Schema = source.Schema;
        using var cursor = source.GetRowCursor(Schema);
        _columns = [.. Schema.Select(column => PassThrough.Create(cursor, column))];
        _order = [.. Enumerable.Range(0, _columns.Length)];
        var getId = cursor.GetIdGetter();
        DataViewRowId id = default;
        while (cursor.MoveNext())
        {
            getId(ref id);
            _rows.Add((id, Array.ConvertAll(_columns, column => column.Take(null))));
            rowRead(id);
        }
    }

    private BufferedDataView(BufferedDataView view, IReadOnlyList<DataViewSchema.Column> columns)
    {
        (_rows, _columns, _order) = (view._rows, view._columns, [.. columns.Select(column => view._order[column.Index])]);
        var builder = new DataViewSchema.Builder();
        foreach (var column in columns) builder.AddColumn(column.Name, column.Type, column.Annotations);
        Schema = builder.ToSchema();
    }

    /// <summary>The same rows with some columns in another order.</summary>
    public BufferedDataView Select(IReadOnlyList<DataViewSchema.Column> columns) => new(this, columns);

    public override int Count => _rows.Count;

    protected override DataViewRowId Id(int row) => _rows[row].Id;

    protected override Delegate Getter(int column, Func<int> row) => _columns[_order[column]].Getter(() => _rows[row()].Boxes[_order[column]]);
}
