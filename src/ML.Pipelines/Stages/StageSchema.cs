using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;

namespace ML.Pipelines.Stages;

/// <summary>A stage's output schema over an input schema: the pass-through columns, then the stage's own, then their companions.</summary>
internal sealed class StageSchema<TIn, TOut>
{
    private readonly List<DataViewSchema.Column> _passThrough;
    private readonly IReadOnlyList<DataViewSchema.Column> _inputs;

    public StageSchema(DataViewSchema input, StageBinding<TIn, TOut> binding)
    {
        _inputs = WithCompanions(input, binding.Inputs(input));
        Outputs = binding.Outputs(input);
        Nullable = [.. Outputs.Where(column => column.IsNull is not null)];
        _passThrough = PassThroughColumns(input, binding.Consumes(input));
        Output = Build();
    }

    public DataViewSchema Output { get; }

    public IReadOnlyList<OutputColumn<TOut>> Outputs { get; }

    /// <summary>The output columns that have a companion, in the companions' order.</summary>
    public IReadOnlyList<OutputColumn<TOut>> Nullable { get; }

    /// <summary>Parallel to the first columns of <see cref="Output"/>.</summary>
    public IReadOnlyList<DataViewSchema.Column> PassThrough => _passThrough;

    public IEnumerable<DataViewSchema.Column> UpstreamColumns(bool[] active) =>
        _inputs.Concat(_passThrough.Where((_, i) => active[i])).DistinctBy(column => column.Index);

    private static List<DataViewSchema.Column> WithCompanions(DataViewSchema schema, IReadOnlyList<DataViewSchema.Column> columns) =>
        [.. columns, .. columns.Select(column => Nulls.CompanionOf(schema, column)).OfType<DataViewSchema.Column>()];

    private List<DataViewSchema.Column> PassThroughColumns(DataViewSchema input, IReadOnlyList<DataViewSchema.Column> consumed)
    {
        var gone = WithCompanions(input, [.. consumed, .. Outputs.Select(o => input.GetColumnOrNull(o.Name)).OfType<DataViewSchema.Column>()])
            .Select(column => column.Index).ToHashSet();
        return [.. input.Where(column => !column.IsHidden && !gone.Contains(column.Index))];
    }

    private DataViewSchema Build()
    {
        var builder = new DataViewSchema.Builder();
        foreach (var column in _passThrough) builder.AddColumn(column.Name, column.Type, column.Annotations);
        foreach (var column in Outputs) builder.AddColumn(column.Name, column.Type, Annotations(column));
        foreach (var column in Nullable) Nulls.AddCompanion(builder, column.Name, column.Type);
        return builder.ToSchema();
    }

    private static DataViewSchema.Annotations Annotations(OutputColumn<TOut> column)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        foreach (var (key, value) in column.Annotations) builder.AddPrimitiveValue(key, TextDataViewType.Instance, value.AsMemory());
        if (column.IsNull is not null)
            builder.AddPrimitiveValue(Nulls.CompanionAnnotation, TextDataViewType.Instance, Nulls.CompanionName(column.Name).AsMemory());
        return builder.ToAnnotations();
    }
}
