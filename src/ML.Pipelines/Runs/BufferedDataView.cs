using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;
using ML.Pipelines.Stages;

namespace ML.Pipelines.Runs;

/// <summary>
/// The rows of a view read once into memory: a shard's data and evidence are written from the same single pass, which may cost model
/// calls. Memory is one shard's rows.
/// </summary>
internal sealed class BufferedDataView : IDataView
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

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    /// <summary>The same rows with some columns in another order.</summary>
    public BufferedDataView Select(IReadOnlyList<DataViewSchema.Column> columns) => new(this, columns);

    /// <summary>The row ids in order.</summary>
    public IEnumerable<DataViewRowId> Ids => _rows.Select(row => row.Id);

    public long? GetRowCount() => _rows.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = new bool[Schema.Count];
        foreach (var column in columnsNeeded) active[column.Index] = true;
        return new Cursor(this, active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(BufferedDataView view, bool[] active) : DataViewRowCursor
    {
        private long _position = -1;
        private bool _done;

        public override long Position => _position;

        public override long Batch => 0;

        public override DataViewSchema Schema => view.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = view._rows[(int)_position].Id;

        public override bool MoveNext()
        {
            _done |= _position + 1 >= view._rows.Count;
            _position = _done ? -1 : _position + 1;
            return !_done;
        }

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            RowAccess.Check<TValue>(this, column);
            var index = view._order[column.Index];
            return (ValueGetter<TValue>)view._columns[index].Getter(() => view._rows[(int)_position].Boxes[index]);
        }
    }
}
