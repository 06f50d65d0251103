using Microsoft.ML;
using ML.Pipelines.Data;

namespace ML.Pipelines.Stages;

/// <summary>
/// The one place where a stage meets the data plane: pulls batches from upstream, keeps a few in flight, yields kept rows in input order
/// with the pass-through columns of the row they came from, and hands the other outcomes to the sink.
/// </summary>
/// <remarks>Immutable and repeatable; any number of cursors at once, each with its own pass over the input.</remarks>
internal sealed class StageDataView<TIn, TOut> : IDataView
{
    private readonly IDataView _input;

    public StageDataView(IDataView input, StageBinding<TIn, TOut> binding, StageContext context)
    {
        _input = input;
        Binding = binding;
        Context = context;
        Plan = new StageSchema<TIn, TOut>(input.Schema, binding);
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema => Plan.Output;

    internal StageBinding<TIn, TOut> Binding { get; }

    internal StageContext Context { get; }

    internal StageSchema<TIn, TOut> Plan { get; }

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = RowAccess.Active(Schema, columnsNeeded);
        var input = _input.GetRowCursor(Plan.UpstreamColumns(active));
        try
        {
            return new StageCursor<TIn, TOut>(this, input, active);
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}
