using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;

namespace ML.Pipelines.Stages;

/// <summary>A data view over rows that are in memory, any number of cursors at once.</summary>
internal abstract class InMemoryDataView : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema { get; protected init; } = null!;

    /// <summary>The number of rows.</summary>
    public abstract int Count { get; }

    public long? GetRowCount() => Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, RowAccess.Active(Schema, columnsNeeded));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    /// <summary>The id of a row.</summary>
    protected abstract DataViewRowId Id(int row);

    /// <summary>A <c>ValueGetter</c> of the column's raw type over the row that a cursor stands on.</summary>
    protected abstract Delegate Getter(int column, Func<int> row);

    private sealed class Cursor(InMemoryDataView view, bool[] active) : DataViewRowCursor
    {
        private int _row = -1;
        private bool _done;

        public override long Position => _row;

        public override long Batch => 0;

        public override DataViewSchema Schema => view.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = view.Id(_row);

        public override bool MoveNext()
        {
            _done |= _row + 1 >= view.Count;
            _row = _done ? -1 : _row + 1;
            return !_done;
        }

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            RowAccess.Check<TValue>(this, column);
            return (ValueGetter<TValue>)view.Getter(column.Index, () => _row);
        }
    }
}
