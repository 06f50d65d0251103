namespace Microsoft.ML.Data;

/// <summary>
/// Keeps the columns that were read in memory. A column is read from the source once, together with those asked for beside it.
/// Only primitive types and vectors can be kept: columns of other types are not in the view.
/// </summary>
internal class CacheDataView : IDataView
{
    private readonly Lock _gate = new();
    private readonly IDataView _source;
    private readonly int[] _sourceIndexes;
    private readonly int[] _prefetched;
    private readonly CachedColumn[] _columns;
    private long? _rowCount;

    internal CacheDataView(IDataView source, params string[] columnsToPrefetch)
    {
        _source = source;
        _sourceIndexes = [.. source.Schema.Where(c => DataViewTypes.IsCacheable(c.Type)).Select(c => c.Index)];
        Check.State(_sourceIndexes.Length > 0 || source.Schema.Count == 0, "Choose columns by index has no output column.");
        var schema = new DataViewSchema.Builder();
        schema.AddColumns(_sourceIndexes.Select(i => source.Schema[i]));
        Schema = schema.ToSchema();
        _columns = new CachedColumn[Schema.Count];
        _prefetched = [.. columnsToPrefetch.Select(PrefetchedIndex)];
        _rowCount = source.GetRowCount();
        if (_prefetched.Length > 0) Load([]);
    }

    public bool CanShuffle => true;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => _rowCount;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = ViewCursor.ActiveColumns(Schema, columnsNeeded);
        var count = Load(Schema.Where(c => active[c.Index]).Select(c => c.Index));
        return new Cursor(this, active, Order(count, rand));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private protected virtual string FailureMessage => "Event we were waiting on was subject to an exception";

    protected virtual int[] Order(int count, Random rand)
    {
        var order = Enumerable.Range(0, count).ToArray();
        rand?.Shuffle(order);
        return order;
    }

    private int PrefetchedIndex(string name)
    {
        var column = Schema.GetColumnOrNull(name);
        Check.Param(column is not null, "columnsToPrefetch", $"Could not find prefetch column '{name}'");
        return column.Value.Index;
    }

    private int Load(IEnumerable<int> wanted)
    {
        lock (_gate)
        {
            var missing = wanted.Concat(_prefetched).Distinct().Where(i => _columns[i] is null).ToArray();
            if (missing.Length > 0 || _rowCount is null) Read(missing);
            return (int)_rowCount;
        }
    }

    private void Read(int[] missing)
    {
        var loaded = missing.Select(i => CachedColumn.Create(Schema[i].Type)).ToArray();
        try
        {
            _rowCount = Fill(missing, loaded);
        }
        catch (Exception ex)
        {
            throw new InvalidOperationException(FailureMessage, ex);
        }

        for (var i = 0; i < missing.Length; i++) _columns[missing[i]] = loaded[i];
    }

    private int Fill(int[] missing, CachedColumn[] loaded)
    {
        var columns = missing.Select(i => _source.Schema[_sourceIndexes[i]]).ToArray();
        using var cursor = _source.GetRowCursor(columns);
        var appends = loaded.Zip(columns, (kept, column) => kept.OpenAppend(cursor, column)).ToArray();
        var rows = 0;
        for (; cursor.MoveNext(); rows++) Array.ForEach(appends, append => append());
        return rows;
    }

    private sealed class Cursor(CacheDataView view, bool[] active, int[] order) : ViewCursor(view.Schema, active)
    {
        private int _next;

        public override long Batch => 0;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)Row(), 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            CheckActive(column);
            return Typed<TValue>(view._columns[column.Index].CreateGetter(Row));
        }

        protected override bool Advance() => _next < order.Length && ++_next > 0;

        private int Row()
        {
            Check.State(Position >= 0, "Cannot call a getter when the cursor is not on a row.");
            return order[_next - 1];
        }
    }
}

/// <summary>The rows in one random order, the same for every cursor.</summary>
internal sealed class ShuffledDataView(IDataView source, int seed) : CacheDataView(source)
{
    private protected override string FailureMessage => "Shuffle input cursor reader failed with an exception";

    protected override int[] Order(int count, Random rand) => base.Order(count, new Random(seed));
}
