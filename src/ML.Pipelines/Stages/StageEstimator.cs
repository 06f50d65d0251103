using Microsoft.ML;
using Microsoft.ML.Data;

namespace ML.Pipelines.Stages;

/// <summary>An estimator whose transformer runs a stage.</summary>
/// <typeparam name="TIn">The row the stage reads.</typeparam>
/// <typeparam name="TOut">The row the stage writes.</typeparam>
public abstract class StageEstimator<TIn, TOut> : IEstimator<StageTransformer<TIn, TOut>>
{
    private protected StageEstimator(StageContext context) => Context = context;

    internal StageContext Context { get; }

    /// <summary>Learns what the data set as a whole decides, and gives the transformer.</summary>
    public StageTransformer<TIn, TOut> Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new(Bind(input), Context);
    }

    /// <summary>The shape after the stage; checks the columns that the stage reads.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.MissingColumn"/>.</exception>
    public virtual SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        foreach (var (name, option) in RequiredColumns)
            if (SchemaShapes.Find(inputSchema, name) is null) throw Missing(inputSchema, name, option);
        return SchemaShapes.With(inputSchema, OutputTypes.Select(column => SchemaShapes.Column(column.Name, column.Type)));
    }

    /// <summary>The columns that must be there, with the option that names each.</summary>
    private protected abstract IEnumerable<(string Name, string Option)> RequiredColumns { get; }

    /// <summary>The columns that the stage adds or replaces.</summary>
    private protected abstract IEnumerable<(string Name, DataViewType Type)> OutputTypes { get; }

    /// <summary>The stage over a data set; a stage that learns reads the data here.</summary>
    private protected abstract StageBinding<TIn, TOut> Bind(IDataView input);

    private static PipelineException Missing(SchemaShape shape, string name, string option) => new(ErrorCode.MissingColumn,
        $"Column '{name}' ({option}) is not there. Columns: {string.Join(", ", shape.Select(column => column.Name))}. Name the right "
            + $"one in {option}.");
}
