using Microsoft.ML;
using Microsoft.ML.Data;

namespace ML.Pipelines.Data;

/// <summary>A data view over files. Rows stream; the row id's low half is the row's number in the source.</summary>
public sealed class RecordDataView : IDataView
{
    private readonly long _firstRow;
    private readonly long _count;
    private readonly int[] _companionOf;

    /// <summary>A view of all rows.</summary>
    public RecordDataView(RecordSource source) : this(source, 0, source.RowCount) { }

    private RecordDataView(RecordSource source, long firstRow, long count)
    {
        Source = source;
        _firstRow = Math.Min(firstRow, source.RowCount);
        _count = Math.Min(count, source.RowCount - _firstRow);
        _companionOf = [.. Enumerable.Range(0, source.Columns.Count).Where(i => source.Columns[i].Nullable)];
        Schema = CreateSchema(source.Columns);
    }

    /// <summary>The files behind the view.</summary>
    public RecordSource Source { get; }

    /// <summary>The source row that the view starts at.</summary>
    public long FirstRow => _firstRow;

    /// <summary>The source rows in the view, unreadable ones included: at least the rows its cursors yield.</summary>
    public long SourceRowCount => _count;

    /// <inheritdoc/>
    public bool CanShuffle => false;

    /// <inheritdoc/>
    public DataViewSchema Schema { get; }

    /// <summary>A view of a part of this view's rows; opening it does not read the rows before it.</summary>
    /// <param name="firstRow">Counted from this view's first row.</param>
    /// <param name="count">Cut off at this view's end.</param>
    public RecordDataView Slice(long firstRow, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var start = Math.Min(firstRow, _count);
        return new(Source, _firstRow + start, Math.Min(count, _count - start));
    }

    /// <summary>The bytes of each of the view's source rows; see <see cref="RecordSource.RowBytes"/>.</summary>
    internal IEnumerable<long> RowBytes()
    {
        var (skip, left) = (_firstRow, _count);
        foreach (var bytes in Source.RowBytes())
        {
            if (skip-- > 0) continue;
            if (left-- <= 0) yield break;
            yield return bytes;
        }
    }

    /// <summary>Null: unreadable rows are only found by reading.</summary>
    public long? GetRowCount() => null;

    /// <inheritdoc/>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, RowAccess.Active(Schema, columnsNeeded));

    /// <inheritdoc/>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private static DataViewSchema CreateSchema(IReadOnlyList<RecordColumn> columns)
    {
        var builder = new DataViewSchema.Builder();
        RecordColumn[] nullable = [.. columns.Where(column => column.Nullable)];
        var names = Nulls.CompanionNames(nullable.Select(column => column.Name), columns.Select(column => column.Name));
        var companion = nullable.Zip(names).ToDictionary(pair => pair.First.Name, pair => pair.Second, StringComparer.Ordinal);
        foreach (var column in columns) Nulls.AddValue(builder, column.Name, column.Type, companion.GetValueOrDefault(column.Name));
        foreach (var column in nullable) Nulls.AddCompanion(builder, column.Name, column.Type, companion[column.Name]);
        return builder.ToSchema();
    }

    private int ValueColumn(int index) => index < Source.Columns.Count ? index : _companionOf[index - Source.Columns.Count];

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly RecordDataView _view;
        private readonly bool[] _active;
        private readonly RecordReader _reader;
        private long _position = -1;
        private bool _done;

        public Cursor(RecordDataView view, bool[] active)
        {
            _view = view;
            _active = active;
            var read = new bool[view.Source.Columns.Count];
            for (var i = 0; i < active.Length; i++)
                if (active[i]) read[view.ValueColumn(i)] = true;
            _reader = view.Source.Open(read, view._firstRow, view._count);
        }

        public override long Position => _position;

        public override long Batch => 0;

        public override DataViewSchema Schema => _view.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new((ulong)_reader.Row, 0);

        public override bool MoveNext()
        {
            if (!_done && _reader.MoveNext())
            {
                _position++;
                return true;
            }
            _done = true;
            _position = -1;
            return false;
        }

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            RowAccess.Check<TValue>(this, column);
            var value = _view.ValueColumn(column.Index);
            return value == column.Index ? _reader.GetGetter<TValue>(value) : (ValueGetter<TValue>)Companion(value);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) _reader.Dispose();
            base.Dispose(disposing);
        }

        private Delegate Companion(int value) =>
            _view.Source.Columns[value].Type is VectorDataViewType
                ? (ValueGetter<VBuffer<bool>>)((ref VBuffer<bool> nulls) => ListNulls(value, ref nulls))
                : (ValueGetter<bool>)((ref bool isNull) => isNull = _reader.IsNull(value));

        private void ListNulls(int value, ref VBuffer<bool> nulls)
        {
            if (!_reader.IsNull(value)) _reader.GetElementNulls(value, ref nulls);
            else nulls = new VBuffer<bool>(1, [true]);
        }
    }
}
