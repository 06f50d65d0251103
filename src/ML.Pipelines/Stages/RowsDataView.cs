using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;

namespace ML.Pipelines.Stages;

/// <summary>Rows in memory as a data view, with nulls.</summary>
internal sealed class RowsDataView<T> : IDataView
{
    private readonly IReadOnlyList<T> _rows;
    private readonly IReadOnlyList<OutputColumn<T>> _columns;
    private readonly OutputColumn<T>[] _nullable;

    public RowsDataView(IReadOnlyList<T> rows, IReadOnlyList<OutputColumn<T>> columns)
    {
        (_rows, _columns) = (rows, columns);
        _nullable = [.. columns.Where(column => column.IsNull is not null)];
        var builder = new DataViewSchema.Builder();
        foreach (var column in columns) Nulls.AddValue(builder, column.Name, column.Type, column.IsNull is not null);
        foreach (var column in _nullable) Nulls.AddCompanion(builder, column.Name, column.Type);
        Schema = builder.ToSchema();
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => _rows.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = new bool[Schema.Count];
        foreach (var column in columnsNeeded) active[column.Index] = true;
        return new Cursor(this, active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(RowsDataView<T> view, bool[] active) : DataViewRowCursor
    {
        private long _position = -1;
        private bool _done;

        public override long Position => _position;

        public override long Batch => 0;

        public override DataViewSchema Schema => view.Schema;

        private T Current => view._rows[(int)_position];

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new((ulong)_position, 0);

        public override bool MoveNext()
        {
            _done |= _position + 1 >= view._rows.Count;
            _position = _done ? -1 : _position + 1;
            return !_done;
        }

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            RowAccess.Check<TValue>(this, column);
            var index = column.Index - view._columns.Count;
            return (ValueGetter<TValue>)(index < 0 ? view._columns[column.Index].Getter(() => Current) : view._nullable[index].NullGetter(() => Current));
        }
    }
}
