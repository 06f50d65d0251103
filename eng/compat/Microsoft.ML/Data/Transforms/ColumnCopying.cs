using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed class ColumnCopyingEstimator : TrivialEstimator<ColumnCopyingTransformer>
{
    private readonly (string OutputColumnName, string InputColumnName) _columns;

    internal ColumnCopyingEstimator(IHostEnvironment env, string outputColumnName, string inputColumnName)
        : base(env.Register(nameof(ColumnCopyingEstimator)), new ColumnCopyingTransformer(env, (outputColumnName, inputColumnName)))
        => _columns = (outputColumnName, inputColumnName);

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        var source = Check.NotNull(inputSchema, nameof(inputSchema)).Find(_columns.InputColumnName);
        return inputSchema.With([source.Renamed(_columns.OutputColumnName)]);
    }
}

public sealed class ColumnCopyingTransformer : OneToOneTransformerBase
{
    internal ColumnCopyingTransformer(IHostEnvironment env, params (string OutputColumnName, string InputColumnName)[] columns)
        : base(env.Register(nameof(ColumnCopyingTransformer)), columns)
        => Check.Param(columns.All(c => !string.IsNullOrEmpty(c.OutputColumnName) && !string.IsNullOrEmpty(c.InputColumnName)),
            nameof(columns),
            "columns cannot be null or empty");

    private protected override void SaveModel(ModelSaveContext ctx) => throw ModelOperationsCatalog.CannotSave();

    private protected override RowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(schema, ColumnPairs);

    private sealed class Mapper(DataViewSchema input, (string OutputColumnName, string InputColumnName)[] columns)
        : RowMapper(input, Append(input, columns.Select(c => Copy(input, c.OutputColumnName, c.InputColumnName))))
    {
        private static (DataViewSchema.DetachedColumn Column, int Source) Copy(DataViewSchema input, string output, string name)
        {
            var source = input.GetColumnOrNull(name);
            Check.Param(source is not null, "inputSchema", $"Could not find input column '{name}'");
            return (new DataViewSchema.DetachedColumn(output, source.Value.Type, source.Value.Annotations), source.Value.Index);
        }
    }
}
