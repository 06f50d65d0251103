using Apache.Arrow;
using Apache.Arrow.C;
using static ML.Pipelines.Parquet.DuckDB.DuckDBNative;

namespace ML.Pipelines.Parquet.DuckDB;

/// <summary>A result that is computed chunk by chunk.</summary>
internal sealed unsafe class DuckDBResult : IDisposable
{
    private readonly ResultHandle _result;
    private nint _options;

    public DuckDBResult(ResultHandle result)
    {
        _result = result;
        _options = duckdb_result_get_arrow_options(result.Pointer);
        Schema = ReadSchema();
    }

    public Schema Schema { get; }

    /// <summary>The next rows, at most 2,048; null at the end.</summary>
    public RecordBatch? Next()
    {
        var chunk = duckdb_fetch_chunk(*_result.Pointer);
        if (chunk == 0) return duckdb_result_error(_result.Pointer) == 0 ? null : throw DuckDBException.Of(_result.Pointer);
        try
        {
            return ToBatch(chunk);
        }
        finally
        {
            duckdb_destroy_data_chunk(ref chunk);
        }
    }

    public void Dispose()
    {
        if (_options != 0) duckdb_destroy_arrow_options(ref _options);
        _result.Dispose();
    }

    private RecordBatch ToBatch(nint chunk)
    {
        var array = CArrowArray.Create();
        try
        {
            DuckDBException.ThrowIf(duckdb_data_chunk_to_arrow(_options, chunk, array));
            return CArrowArrayImporter.ImportRecordBatch(array, Schema);
        }
        finally
        {
            CArrowArray.Free(array);
        }
    }

    private Schema ReadSchema()
    {
        var count = (int)duckdb_column_count(_result.Pointer);
        var (types, names) = (new nint[count], new nint[count]);
        for (var i = 0; i < count; i++)
        {
            types[i] = duckdb_column_logical_type(_result.Pointer, (ulong)i);
            names[i] = duckdb_column_name(_result.Pointer, (ulong)i);
        }
        fixed (nint* typePointer = types, namePointer = names)
        {
            var schema = ToSchema(typePointer, namePointer, count);
            for (var i = 0; i < count; i++) duckdb_destroy_logical_type(typePointer + i);
            return schema;
        }
    }

    private Schema ToSchema(nint* types, nint* names, int count)
    {
        var schema = CArrowSchema.Create();
        try
        {
            DuckDBException.ThrowIf(duckdb_to_arrow_schema(_options, types, names, (ulong)count, schema));
            return CArrowSchemaImporter.ImportSchema(schema);
        }
        finally
        {
            CArrowSchema.Free(schema);
        }
    }
}
