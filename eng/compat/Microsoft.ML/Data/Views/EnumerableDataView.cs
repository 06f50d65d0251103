using System.Collections;

namespace Microsoft.ML.Data;

/// <summary>Objects as rows. Null rows are refused when met; null text is empty.</summary>
internal sealed class EnumerableDataView<TRow> : IDataView
    where TRow : class
{
    private readonly IEnumerable<TRow> _rows;
    private readonly MemberBinding[] _members;

    internal EnumerableDataView(IEnumerable<TRow> rows, SchemaDefinition definition)
    {
        _rows = rows;
        _members = MemberBinding.All(typeof(TRow), definition ?? SchemaDefinition.Create(typeof(TRow), SchemaDefinition.Direction.Read));
        var schema = new DataViewSchema.Builder();
        schema.AddColumns(_members.Select(m => m.Column));
        Schema = schema.ToSchema();
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => _rows switch
    {
        ICollection<TRow> rows => rows.Count,
        ICollection rows => rows.Count,
        _ => null,
    };

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
        => new Cursor(this, ViewCursor.ActiveColumns(Schema, columnsNeeded));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(EnumerableDataView<TRow> view, bool[] active) : ViewCursor(view.Schema, active)
    {
        private readonly IEnumerator<TRow> _rows = view._rows.GetEnumerator();
        private readonly Delegate[] _getters = new Delegate[view.Schema.Count];
        private TRow _current;

        public override long Batch => 0;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) =>
        {
            Current();
            id = new DataViewRowId((ulong)Position, 0);
        };

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            CheckActive(column);
            var own = Schema[column.Index];
            var getter = _getters[column.Index] ??= view._members[column.Index].CreateGetter(Current, own.Type);
            return Typed<TValue>(getter, $"Invalid TValue in GetGetter for column #{own}");
        }

        protected override bool Advance()
        {
            _current = _rows.MoveNext()
                ? _rows.Current ?? throw new InvalidOperationException("Encountered null when iterating over data, this is not supported.")
                : null;
            return _current is not null;
        }

        protected override void Dispose(bool disposing)
        {
            _rows.Dispose();
            base.Dispose(disposing);
        }

        private TRow Current() => _current ?? throw new InvalidOperationException(
            "Values cannot be fetched at this time. This method was called either before the first call to MoveNext, "
            + "or at any point after that method returned false.");
    }
}
