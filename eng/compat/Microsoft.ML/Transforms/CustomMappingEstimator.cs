using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed class CustomMappingEstimator<TSrc, TDst> : TrivialEstimator<CustomMappingTransformer<TSrc, TDst>>
    where TSrc : class, new()
    where TDst : class, new()
{
    internal CustomMappingEstimator(
        IHostEnvironment env,
        Action<TSrc, TDst> mapAction,
        string contractName,
        SchemaDefinition inputSchemaDefinition = null,
        SchemaDefinition outputSchemaDefinition = null)
        : base(
            env.Register(nameof(CustomMappingEstimator<TSrc, TDst>)),
            new CustomMappingTransformer<TSrc, TDst>(env, mapAction, contractName, inputSchemaDefinition, outputSchemaDefinition))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Check.NotNull(inputSchema, nameof(inputSchema));
        foreach (var binding in Transformer.Inputs) CheckInput(inputSchema, binding.Column);
        return inputSchema.With(Transformer.Outputs.Select(b => Shape(b.Column)));
    }

    private static void CheckInput(SchemaShape inputSchema, DataViewSchema.DetachedColumn wanted)
    {
        var found = inputSchema.Find(wanted.Name);
        Check.Param(found.IsReadableAs(Shape(wanted)), nameof(inputSchema),
            $"Schema mismatch for input column '{wanted.Name}': expected {wanted.Type}, got {found.Describe()}");
    }

    private static SchemaShape.Column Shape(DataViewSchema.DetachedColumn column)
        => SchemaShape.Column.Of(column.Name, column.Type, column.Annotations);
}
