using Microsoft.ML;
using Microsoft.ML.Data;

namespace ML.Pipelines.Tests.Runs;

/// <summary>Leaves out the first row and tells nobody.</summary>
internal sealed class SkippingEstimator : IEstimator<ITransformer>
{
    private readonly MLContext _ml = new();

    public ITransformer Fit(IDataView input) => new Transformer(_ml);

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;

    private sealed class Transformer(MLContext ml) : ITransformer
    {
        public bool IsRowToRowMapper => false;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

        public void Save(ModelSaveContext ctx) => throw new NotSupportedException();

        public IDataView Transform(IDataView input) => ml.Data.SkipRows(input, 1);
    }
}
