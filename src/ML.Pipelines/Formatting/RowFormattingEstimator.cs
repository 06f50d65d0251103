using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;
using ML.Pipelines.Stages;

namespace ML.Pipelines.Formatting;

/// <summary>Makes training rows of a row by a pure function; each method of the catalog that returns one says which.</summary>
/// <remarks>
/// <list type="table">
/// <item><term>Looks at data in Fit</term><description>no</description></item>
/// <item><term>Input and output columns</term><description>see the catalog's method; an input column of an output's name is
/// replaced</description></item>
/// </list>
/// </remarks>
/// <typeparam name="TIn">What is read of a row.</typeparam>
/// <typeparam name="TOut">What is written.</typeparam>
public sealed class RowFormattingEstimator<TIn, TOut> : StageEstimator<TIn, TOut>
{
    private readonly RowFormat<TIn, TOut> _format;

    internal RowFormattingEstimator(StageContext context, RowFormat<TIn, TOut> format) : base(context) => _format = format;

    /// <inheritdoc/>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        var shape = base.GetOutputSchema(inputSchema);
        _ = _format.Found([.. inputSchema.Select(column => column.Name)]);
        return shape;
    }

    private protected override IEnumerable<(string Name, string Option)> RequiredColumns => _format.Required;

    private protected override IEnumerable<(string Name, DataViewType Type)> OutputTypes =>
        _format.Outputs.Select(column => (column.Name, column.Type));

    private protected override StageBinding<TIn, TOut> Bind(IDataView input) => new()
    {
        Stage = new RowFormattingStage<TIn, TOut>(_format),
        Inputs = schema =>
        [
            .. _format.Required.Concat(Found(schema)).Select(column => Columns.Get(schema, column.Name, column.Option)),
            .. Columns.Existing(schema, _format.Optional),
        ],
        Read = _format.Read,
        Consumes = schema => [.. Columns.Existing(schema, [.. _format.Consumed, .. Found(schema).Select(column => column.Name)])],
        RowId = _format.RowId,
        Outputs = _ => _format.Outputs,
        // Row by row: what it formats may have cost minutes upstream, and waiting for a batch would hold it back.
        BatchSize = 1,
        BatchesInFlight = 1,
    };

    private IEnumerable<(string Name, string Option)> Found(DataViewSchema schema) => _format.Found([.. Columns.Names(schema)]);
}

/// <summary>A format: what it reads, and the rows that it makes.</summary>
internal sealed record RowFormat<TIn, TOut>
{
    /// <summary>The stage's name.</summary>
    public required string Name { get; init; }

    /// <summary>The columns that must be there, with the option that names each.</summary>
    public required IReadOnlyList<(string Name, string Option)> Required { get; init; }

    /// <summary>More columns that are read, found among the names of all, with the option that would name each; they do not ride along.
    /// Throws where a data set lacks them.</summary>
    public Func<IReadOnlyList<string>, IEnumerable<(string Name, string Option)>> Found { get; init; } = _ => [];

    /// <summary>Columns that may be missing.</summary>
    public IReadOnlyList<string> Optional { get; init; } = [];

    /// <summary>Columns that do not ride along: each output row would have a copy of all.</summary>
    public IReadOnlyList<string> Consumed { get; init; } = [];

    /// <summary>Makes a function that reads the row a cursor stands on.</summary>
    public required Func<DataViewRow, Func<TIn>> Read { get; init; }

    /// <summary>The row's id.</summary>
    public required Func<TIn, string> RowId { get; init; }

    /// <summary>The rows that a row becomes; a pure function.</summary>
    public required Func<TIn, StageOutcome<TOut>> Rows { get; init; }

    /// <summary>The columns.</summary>
    public required IReadOnlyList<OutputColumn<TOut>> Outputs { get; init; }
}

/// <summary>Formats rows.</summary>
internal sealed class RowFormattingStage<TIn, TOut>(RowFormat<TIn, TOut> format) : IStage<TIn, TOut>
{
    public string Name => format.Name;

    public ValueTask<IReadOnlyList<StageOutcome<TOut>>> ProcessAsync(IReadOnlyList<TIn> rows, CancellationToken cancellationToken) =>
        new([.. rows.Select(format.Rows)]);
}
