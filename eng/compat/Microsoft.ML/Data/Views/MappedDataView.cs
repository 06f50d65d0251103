namespace Microsoft.ML.Data;

/// <summary>A view through a row mapper.</summary>
internal sealed class MappedDataView(IDataView source, RowMapper mapper) : IDataView
{
    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => mapper.OutputSchema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = ViewCursor.ActiveColumns(Schema, columnsNeeded);
        var input = source.GetRowCursor(mapper.GetDependencies(Schema.Where(c => active[c.Index])), rand);
        return new Cursor(input, new MappedColumns(mapper, input, active), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(DataViewRowCursor input, MappedColumns columns, bool[] active) : ViewCursor(columns.Schema, active)
    {
        private readonly bool _readAhead = columns.IsReadAhead;

        public override long Batch => input.Batch;

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => columns.GetGetter<TValue>(column);

        protected override bool Advance() => _readAhead ? AdvanceAhead() : input.MoveNext();

        protected override void Dispose(bool disposing)
        {
            input.Dispose();
            base.Dispose(disposing);
        }

        private bool AdvanceAhead()
        {
            try
            {
                if (!MoveInput()) return false;
                columns.Compute();
                return true;
            }
            catch (Exception ex)
            {
                throw Wrapped(ex);
            }
        }

        private bool MoveInput()
        {
            try
            {
                return input.MoveNext();
            }
            catch (Exception ex)
            {
                throw Wrapped(ex);
            }
        }

        private static InvalidOperationException Wrapped(Exception ex)
            => new("Splitter/consolidator worker encountered exception while consuming source data", ex);
    }
}
