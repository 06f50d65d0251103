namespace Microsoft.ML.Data;

/// <summary>Some of the rows of a view, in its order, with all of its columns.</summary>
/// <param name="source">The view.</param>
/// <param name="rowCount">The number of rows, where it is known.</param>
/// <param name="inputs">The columns that the selection itself reads.</param>
/// <param name="open">Makes, for one cursor, what moves it to the next row to yield.</param>
internal sealed class PassThroughDataView(
    IDataView source,
    Func<long?> rowCount,
    IEnumerable<DataViewSchema.Column> inputs,
    Func<DataViewRowCursor, Func<bool>> open) : IDataView
{
    private readonly DataViewSchema.Column[] _inputs = [.. inputs];

    public bool CanShuffle => source.CanShuffle && _inputs.Length > 0;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => rowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = ViewCursor.ActiveColumns(Schema, columnsNeeded);
        var cursor = source.GetRowCursor(Schema.Where(c => active[c.Index]).Concat(_inputs), CanShuffle ? rand : null);
        return new Cursor(cursor, active, open(cursor), isFilter: _inputs.Length > 0);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(DataViewRowCursor input, bool[] active, Func<bool> advance, bool isFilter)
        : ViewCursor(input.Schema, active)
    {
        public override long Batch => input.Batch;

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (isFilter) Check.State(IsColumnActive(column));
            else CheckActive(column);
            return input.GetGetter<TValue>(column);
        }

        protected override bool Advance() => advance();

        protected override void Dispose(bool disposing)
        {
            input.Dispose();
            base.Dispose(disposing);
        }
    }
}
