using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed class ColumnSelectingEstimator : TrivialEstimator<ColumnSelectingTransformer>
{
    private readonly string[] _keep;
    private readonly string[] _drop;

    internal ColumnSelectingEstimator(IHostEnvironment env, string[] keepColumns, string[] dropColumns, bool keepHidden = false)
        : base(env.Register(nameof(ColumnSelectingEstimator)), new ColumnSelectingTransformer(env, keepColumns, dropColumns, keepHidden))
        => (_keep, _drop) = (keepColumns, dropColumns);

    /// <summary>In the input's order, whatever order the columns are selected in.</summary>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Check.NotNull(inputSchema, nameof(inputSchema));
        foreach (var name in _keep ?? _drop) inputSchema.Find(name);
        return new SchemaShape(inputSchema.Where(c => _keep?.Contains(c.Name) ?? !_drop.Contains(c.Name)));
    }
}

public sealed class ColumnSelectingTransformer : ITransformer
{
    private readonly string[] _keep;
    private readonly string[] _drop;
    private readonly bool _keepHidden;

    internal ColumnSelectingTransformer(IHostEnvironment env, string[] keepColumns, string[] dropColumns, bool keepHidden = false)
    {
        Check.NotNull(env, nameof(env));
        Check.State((keepColumns ?? dropColumns) is { Length: > 0 },
            "Neither keepColumns and dropColumns is set. Exactly one must be specified.");
        (_keep, _drop, _keepHidden) = (keepColumns, dropColumns, keepHidden);
    }

    bool ITransformer.IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
        => MakeRowMapper(Check.NotNull(inputSchema, nameof(inputSchema)), nameof(inputSchema)).OutputSchema;

    public IDataView Transform(IDataView input)
        => new MappedDataView(Check.NotNull(input, nameof(input)), MakeRowMapper(input.Schema, nameof(input)));

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
        => MakeRowMapper(Check.NotNull(inputSchema, nameof(inputSchema)), nameof(inputSchema));

    void ICanSaveModel.Save(ModelSaveContext ctx) => throw ModelOperationsCatalog.CannotSave();

    private Mapper MakeRowMapper(DataViewSchema schema, string parameter)
    {
        foreach (var name in _keep ?? _drop)
            Check.Param(schema.GetColumnOrNull(name) is not null, parameter, $"Could not find input column '{name}'");
        var columns = _keep is null ? schema.Where(c => !_drop.Contains(c.Name))
            : _keep.SelectMany(name => schema.Where(c => c.Name == name && (_keepHidden || !c.IsHidden)));
        return new Mapper(schema, columns);
    }

    private sealed class Mapper(DataViewSchema input, IEnumerable<DataViewSchema.Column> columns)
        : RowMapper(input, [.. columns.Select(c => new OutputColumn(new DataViewSchema.DetachedColumn(c), c.Index, IsNew: false))]);
}
