using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace ML.Pipelines.Tests.Stages;

/// <summary>Passes a view on, remembers which columns each cursor was asked for and which cursors are closed, and fails on request.</summary>
internal sealed class SpyDataView(IDataView inner, int failsAt = -1) : IDataView
{
    public const string Fault = "the disk is gone";
    private readonly int _failsAt = failsAt;
    private int _closed;

    public ConcurrentQueue<string[]> ColumnsAsked { get; } = new();

    public int Open => ColumnsAsked.Count - _closed;

    public bool CanShuffle => inner.CanShuffle;

    public DataViewSchema Schema => inner.Schema;

    public long? GetRowCount() => inner.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        ColumnsAsked.Enqueue([.. columns.Select(column => column.Name)]);
        return new Cursor(this, inner.GetRowCursor(columns, rand));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(SpyDataView view, DataViewRowCursor inner) : DataViewRowCursor
    {
        public override long Position => inner.Position;

        public override long Batch => inner.Batch;

        public override DataViewSchema Schema => inner.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => inner.IsColumnActive(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => inner.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => inner.GetGetter<TValue>(column);

        public override bool MoveNext() => inner.Position + 1 == view._failsAt ? throw new IOException(Fault) : inner.MoveNext();

        protected override void Dispose(bool disposing)
        {
            if (disposing) Interlocked.Increment(ref view._closed);
            inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
