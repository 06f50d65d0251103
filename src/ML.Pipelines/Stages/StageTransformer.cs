using Microsoft.ML;
using Microsoft.ML.Data;

namespace ML.Pipelines.Stages;

/// <summary>A fitted stage. Rows may leave the data set, so it is no row-to-row mapper.</summary>
/// <typeparam name="TIn">The row the stage reads.</typeparam>
/// <typeparam name="TOut">The row the stage writes.</typeparam>
public sealed class StageTransformer<TIn, TOut> : ITransformer
{
    private readonly StageBinding<TIn, TOut> _binding;
    private readonly StageContext _context;

    internal StageTransformer(StageBinding<TIn, TOut> binding, StageContext context)
    {
        _binding = binding;
        _context = context;
    }

    /// <summary>False: a stage may drop, quarantine or multiply rows.</summary>
    public bool IsRowToRowMapper => false;

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => new StageSchema<TIn, TOut>(inputSchema, _binding).Output;

    /// <inheritdoc/>
    public IDataView Transform(IDataView input) => new StageDataView<TIn, TOut>(input, _binding, _context);

    /// <summary>Not supported, see <see cref="IsRowToRowMapper"/>.</summary>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) =>
        throw new InvalidOperationException($"'{_binding.Stage.Name}' may drop rows, so it has no row-to-row mapper.");

    /// <summary>Not supported: a chain is kept as a job file, which the command line runs.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public void Save(ModelSaveContext ctx) => throw new NotSupportedException(
        $"'{_binding.Stage.Name}' cannot be saved as an ML.NET model. Keep the chain as a job file (see pipelines/pir.yaml) and run it "
            + "with mlpipe.");
}
