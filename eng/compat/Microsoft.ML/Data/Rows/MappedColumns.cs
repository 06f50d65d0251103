namespace Microsoft.ML.Data;

/// <summary>The active output columns of a mapper over one input row.</summary>
internal sealed class MappedColumns
{
    private readonly RowMapper _mapper;
    private readonly bool[] _active;
    private readonly bool _anyNewActive;
    private readonly ComputedColumns _computed;

    internal MappedColumns(RowMapper mapper, DataViewRow input, bool[] active)
    {
        (_mapper, Input, _active) = (mapper, input, active);
        _anyNewActive = ActiveOutputs.Any(o => o.IsNew);
        _computed = ActiveOutputs.Any(o => o.Source < 0) ? mapper.Open(input) : null;
    }

    internal DataViewRow Input { get; }

    internal DataViewSchema Schema => _mapper.OutputSchema;

    /// <summary>
    /// Whether the package reads such columns ahead, in background threads. Nothing is read ahead here, but
    /// what is thrown on the way arrives wrapped as it does there.
    /// </summary>
    internal bool IsReadAhead => _anyNewActive && ActiveOutputs.All(o => DataViewTypes.IsCacheable(o.Column.Type));

    private IEnumerable<OutputColumn> ActiveOutputs => _mapper.Outputs.Where((_, i) => _active[i]);

    internal bool IsActive(DataViewSchema.Column column) => ViewCursor.IsActive(Schema, _active, column);

    internal void Compute() => _computed?.Compute();

    internal ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        CheckActive(column);
        var source = _mapper.Outputs[column.Index].Source;
        return source >= 0
            ? Input.GetGetter<TValue>(_mapper.InputSchema[source])
            : ViewCursor.Typed<TValue>(_computed.GetGetter(~source));
    }

    private void CheckActive(DataViewSchema.Column column)
    {
        var isActive = column.Index < _active.Length && _active[column.Index];
        if (!_anyNewActive && _mapper.Outputs.Any(o => o.IsNew)) Check.State(isActive);
        Check.Param(isActive, nameof(column), "requested column not active.");
    }
}

internal sealed class MappedRow(MappedColumns columns) : DataViewRow
{
    public override DataViewSchema Schema => columns.Schema;

    public override long Position => columns.Input.Position;

    public override long Batch => columns.Input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => columns.Input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => columns.IsActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => columns.GetGetter<TValue>(column);
}
