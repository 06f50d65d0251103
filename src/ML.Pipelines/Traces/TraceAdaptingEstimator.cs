using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;
using ML.Pipelines.Stages;

namespace ML.Pipelines.Traces;

/// <summary>Turns rows of any known schema into reasoning traces.</summary>
/// <remarks>
/// <para>
/// | looks at data to fit | input columns | output columns |
/// |---|---|---|
/// | every row once, for ids that occur twice | a row schema's, or as <see cref="TraceOptions.Map"/> says | <see cref="TraceColumns"/> |
/// </para>
/// <para>
/// Columns that the map reads do not ride along, except those of which only the final answer is taken; all others do. Rows without
/// question or reasoning and rows that repeat the id of an earlier good row go to quarantine. Fit on the data set that is
/// transformed, or on the whole of which a slice is transformed: duplicates are known by their row ids. See <c>docs/traces.md</c>.
/// </para>
/// </remarks>
public sealed class TraceAdaptingEstimator : StageEstimator<TraceRow, ReasoningTrace>
{
    private static readonly IReadOnlyList<OutputColumn<ReasoningTrace>> Outputs =
    [
        OutputColumn<ReasoningTrace>.Text(TraceColumns.Id, trace => trace.Id),
        OutputColumn<ReasoningTrace>.Text(TraceColumns.Source, trace => trace.Source, nullable: true),
        OutputColumn<ReasoningTrace>.Text(TraceColumns.Question, trace => trace.Question),
        OutputColumn<ReasoningTrace>.Text(TraceColumns.Reasoning, trace => trace.Reasoning),
        OutputColumn<ReasoningTrace>.Text(TraceColumns.Solution, trace => trace.Solution, nullable: true),
        OutputColumn<ReasoningTrace>.Text(TraceColumns.Answer, trace => trace.Answer, nullable: true),
        OutputColumn<ReasoningTrace>.Text(TraceColumns.System, trace => trace.System, nullable: true),
        OutputColumn<ReasoningTrace>.Create(TraceColumns.Complete, BooleanDataViewType.Instance, trace => trace.Complete),
    ];

    private readonly TraceOptions _options;

    internal TraceAdaptingEstimator(StageContext context, TraceOptions options) : base(context) => _options = options;

    /// <summary>Which schema a data set's columns are taken for, and what is read from where.</summary>
    /// <exception cref="PipelineException">As for <see cref="GetOutputSchema"/>.</exception>
    public TraceMapping MappingFor(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var map = Resolve(schema, _options);
        return new(map.Schema?.Name, map.Fields, map.Consumed);
    }

    /// <summary>The shape after the stage; finds the row schema and checks the columns that the map reads.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.UnknownSchema"/>: no row schema fits, or several do.
    /// <see cref="ErrorCode.MissingColumn"/> and <see cref="ErrorCode.TypeMismatch"/>: a column that the map reads is not there or has
    /// a wrong type. <see cref="ErrorCode.Configuration"/>: an expression is wrong, or a column would be lost.</exception>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var map = TraceMapResolver.Resolve(RowColumn.Of(inputSchema), _options);
        var gone = map.Consumed.SelectMany(name => (string[])[name, Nulls.CompanionName(name)]).ToHashSet();
        var rest = new SchemaShape(inputSchema.Where(column => !gone.Contains(column.Name)));
        return SchemaShapes.With(rest, OutputTypes.Select(column => SchemaShapes.Column(column.Name, column.Type)));
    }

    private protected override IEnumerable<(string Name, string Option)> RequiredColumns => [];

    private protected override IEnumerable<(string Name, DataViewType Type)> OutputTypes =>
        Outputs.Select(column => (column.Name, column.Type));

    private protected override StageBinding<TraceRow, ReasoningTrace> Bind(IDataView input)
    {
        // The schema is settled here, so that other data is not taken for something else later.
        var schema = Resolve(input.Schema, _options).Schema;
        var options = _options with { Schema = schema?.Name };
        // Learning sees the bad rows too, but it is the pass over the data that reports them.
        var context = new StageContext(IgnoringRejectSink.Instance, null, Context.CancellationToken);
        var traces = new StageDataView<TraceRow, ReasoningTrace>(input, Bind(options, DuplicateIds.None), context);
        return Bind(options, DuplicateIds.Learn(traces, Context.CancellationToken));
    }

    private static StageBinding<TraceRow, ReasoningTrace> Bind(TraceOptions options, DuplicateIds duplicates) => new()
    {
        Stage = new TraceStage(duplicates),
        Inputs = schema => [.. Resolve(schema, options).Sources.Select(source => schema[source.Column])],
        Consumes = schema => [.. Resolve(schema, options).Consumed.Select(name => schema[name])],
        Outputs = _ => Outputs,
        Read = row => Reader(row, Resolve(row.Schema, options)),
        RowId = row => row.Trace.Id,
    };

    private static BoundTraceMap Resolve(DataViewSchema schema, TraceOptions options) =>
        TraceMapResolver.Resolve(RowColumn.Of(schema), options);

    private static Func<TraceRow> Reader(DataViewRow row, BoundTraceMap map)
    {
        Func<string?>[] texts = [.. map.Sources.Select(source => ColumnKinds.Reader(row, source))];
        var rowId = row.GetIdGetter();
        return () =>
        {
            DataViewRowId id = default;
            rowId(ref id);
            return new TraceRow(id, map, Array.ConvertAll(texts, text => text()));
        };
    }
}

/// <summary>How a data set's rows become traces.</summary>
/// <param name="Schema">The row schema; null where the options name question and reasoning themselves.</param>
/// <param name="Fields">The expressions by field, with the columns' own spelling; a field that stays empty is not there.</param>
/// <param name="Consumed">The columns that do not ride along.</param>
public sealed record TraceMapping(string? Schema, IReadOnlyDictionary<string, string> Fields, IReadOnlyList<string> Consumed);
