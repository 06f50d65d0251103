using Microsoft.ML;
using Microsoft.ML.Data;

namespace ML.Pipelines.Stages;

/// <summary>Schema shapes for estimators outside ML.NET's assemblies.</summary>
/// <remarks>ML.NET gives outside code no constructor for a shape's column, but a chain's Fit hands its first estimator the shape of the
/// input's schema: an estimator that only listens, over a view without rows, gets the shape of any column.</remarks>
internal static class SchemaShapes
{
    /// <summary>The shape of a column of any type.</summary>
    public static SchemaShape.Column Column(string name, DataViewType type)
    {
        var schema = new DataViewSchema.Builder();
        schema.AddColumn(name, type);
        var witness = new Witness();
        new EstimatorChain<ITransformer>().Append(witness).Fit(new SchemaOnly(schema.ToSchema()));
        return witness.Shape!.Single();
    }

    /// <summary>A column of a shape by its exact name, else by the only name that differs in case.</summary>
    public static SchemaShape.Column? Find(SchemaShape shape, string name)
    {
        var exact = shape.Where(column => column.Name == name).ToArray();
        var similar = exact.Length > 0 ? exact : [.. shape.Where(c => string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase))];
        return similar.Length == 1 ? similar[0] : null;
    }

    /// <summary>A shape with some columns replaced or added.</summary>
    public static SchemaShape With(SchemaShape shape, IEnumerable<SchemaShape.Column> added)
    {
        var columns = shape.ToDictionary(column => column.Name, StringComparer.Ordinal);
        foreach (var column in added) columns[column.Name] = column;
        return new SchemaShape(columns.Values);
    }

    private sealed class Witness : IEstimator<ITransformer>
    {
        public SchemaShape? Shape { get; private set; }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Shape = inputSchema;

        public ITransformer Fit(IDataView input) => new TransformerChain<ITransformer>();
    }

    private sealed class SchemaOnly(DataViewSchema schema) : IDataView
    {
        public bool CanShuffle => false;

        public DataViewSchema Schema => schema;

        public long? GetRowCount() => 0;

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
            throw new NotSupportedException("Only the schema is there.");

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
            throw new NotSupportedException("Only the schema is there.");
    }
}
