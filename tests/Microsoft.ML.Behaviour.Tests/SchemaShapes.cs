using Microsoft.ML.Data;

namespace Microsoft.ML.Behaviour.Tests;

/// <summary>
/// Shapes of any columns, without reflection: a chain hands the shape of its input to its first estimator before it fits it.
/// No type needs to be registered and no row is read.
/// </summary>
internal static class SchemaShapes
{
    public static SchemaShape Of(params (string Name, DataViewType Type)[] columns)
    {
        var schema = new DataViewSchema.Builder();
        foreach (var (name, type) in columns) schema.AddColumn(name, type);
        return Of(schema.ToSchema());
    }

    public static SchemaShape Of(DataViewSchema schema)
    {
        var witness = new Witness();
        new EstimatorChain<ITransformer>().Append(witness).Fit(new NoRows(schema));
        return witness.Shape!;
    }

    /// <summary>The input's columns, the added ones in the place of their namesakes or after the others.</summary>
    public static SchemaShape Append(SchemaShape input, params (string Name, DataViewType Type)[] added)
    {
        var columns = input.ToList();
        foreach (var column in Of(added))
        {
            var namesake = columns.FindIndex(c => c.Name == column.Name);
            if (namesake < 0) columns.Add(column);
            else columns[namesake] = column;
        }

        return new SchemaShape(columns);
    }

    private sealed class Witness : IEstimator<ITransformer>
    {
        public SchemaShape? Shape { get; private set; }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Shape = inputSchema;

        public ITransformer Fit(IDataView input) => new TransformerChain<ITransformer>();
    }

    private sealed class NoRows(DataViewSchema schema) : IDataView
    {
        public bool CanShuffle => false;

        public DataViewSchema Schema => schema;

        public long? GetRowCount() => 0;

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
            => throw new NotSupportedException("Only the schema is there.");

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
            => throw new NotSupportedException("Only the schema is there.");
    }
}
