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
        _inputs = Nulls.WithCompanions(input, binding.Inputs(input));
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

    // A companion goes with its column, unless a copy of the column stays: a copy shares its original's companion.
    private List<DataViewSchema.Column> PassThroughColumns(DataViewSchema input, IReadOnlyList<DataViewSchema.Column> consumed)
    {
        var gone = Outputs.Select(o => input.GetColumnOrNull(o.Name)).OfType<DataViewSchema.Column>().Concat(consumed).ToArray();
        var stays = input.Where(column => !column.IsHidden).ExceptBy(gone.Select(column => column.Index), column => column.Index).ToArray();
        var shared = Nulls.CompanionsOf(input, stays).Select(column => column.Index);
        var companions = Nulls.CompanionsOf(input, gone).Select(column => column.Index);
        var orphans = companions.Except(shared).ToHashSet();
        return [.. stays.Where(column => !orphans.Contains(column.Index))];
    }

    private DataViewSchema Build()
    {
        var builder = new DataViewSchema.Builder();
        foreach (var column in _passThrough) builder.AddColumn(column.Name, column.Type, column.Annotations);
        var names = Nulls.CompanionNames(Nullable.Select(o => o.Name), _passThrough.Select(c => c.Name).Concat(Outputs.Select(o => o.Name)));
        var companion = Nullable.Zip(names).ToDictionary(pair => pair.First, pair => pair.Second);
        foreach (var column in Outputs) builder.AddColumn(column.Name, column.Type, Annotations(column, companion.GetValueOrDefault(column)));
        foreach (var column in Nullable) Nulls.AddCompanion(builder, column.Name, column.Type, companion[column]);
        return builder.ToSchema();
    }

    private static DataViewSchema.Annotations Annotations(OutputColumn<TOut> column, string? companion)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        foreach (var (key, value) in column.Annotations) builder.AddPrimitiveValue(key, TextDataViewType.Instance, value.AsMemory());
        if (companion is not null) builder.AddPrimitiveValue(Nulls.CompanionAnnotation, TextDataViewType.Instance, companion.AsMemory());
        return builder.ToAnnotations();
    }
}
