namespace Microsoft.ML.Data;

/// <summary>The position and activity rules that every cursor here keeps: -1 before the first row and after the last.</summary>
internal abstract class ViewCursor(DataViewSchema schema, bool[] active) : DataViewRowCursor
{
    private long _position = -1;
    private bool _ended;

    public sealed override DataViewSchema Schema => schema;

    public sealed override long Position => _ended ? -1 : _position;

    public sealed override bool IsColumnActive(DataViewSchema.Column column) => IsActive(schema, active, column);

    public sealed override bool MoveNext()
    {
        _ended = _ended || !Advance();
        if (!_ended) _position++;
        return !_ended;
    }

    /// <summary>Which columns are asked for; each index must be one of the schema's.</summary>
    internal static bool[] ActiveColumns(DataViewSchema schema, IEnumerable<DataViewSchema.Column> columnsNeeded)
    {
        var active = new bool[schema.Count];
        foreach (var column in Check.NotNull(columnsNeeded, nameof(columnsNeeded)))
        {
            Check.State(column.Index < schema.Count, $"The requested column: {column} is not part of the sourceSchema");
            active[column.Index] = true;
        }

        return active;
    }

    internal static bool IsActive(DataViewSchema schema, bool[] active, DataViewSchema.Column column)
    {
        Check.State(column.Index < schema.Count, $"Column index must be between 0 and {schema.Count}");
        return active[column.Index];
    }

    internal static ValueGetter<TValue> Typed<TValue>(Delegate getter, string what = "Invalid TValue")
        => getter as ValueGetter<TValue> ?? throw new InvalidOperationException(
            $"{what}: '{typeof(TValue)}', expected type: '{getter.GetType().GetGenericArguments()[0]}'.");

    protected abstract bool Advance();

    protected override void Dispose(bool disposing)
    {
        _ended = true;
        base.Dispose(disposing);
    }

    private protected void CheckActive(DataViewSchema.Column column)
        => Check.Param(column.Index < schema.Count && active[column.Index], nameof(column), "requested column not active");
}
