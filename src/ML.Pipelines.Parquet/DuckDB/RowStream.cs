using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.C;
using static ML.Pipelines.Parquet.DuckDB.DuckDBNative;

namespace ML.Pipelines.Parquet.DuckDB;

/// <summary>
/// Record batches as a stream that DuckDB pulls from. An exception of the batches ends the stream; it stays in <see cref="Failure"/>.
/// </summary>
/// <remarks>
/// DuckDB copies the schema without taking it over, so it is exported once and freed here; Arrow's own exporter would leak it.
/// </remarks>
internal sealed unsafe class RowStream : IDisposable
{
    private readonly IEnumerator<RecordBatch> _batches;
    private readonly CancellationToken _cancellationToken;
    private readonly CArrowSchema* _schema = CArrowSchema.Create();
    private readonly ArrowStream* _stream = (ArrowStream*)NativeMemory.AllocZeroed((nuint)sizeof(ArrowStream));
    private readonly GCHandle _self;

    public RowStream(Schema schema, IEnumerable<RecordBatch> batches, CancellationToken cancellationToken)
    {
        CArrowSchemaExporter.ExportSchema(schema, _schema);
        _batches = batches.GetEnumerator();
        _cancellationToken = cancellationToken;
        _self = GCHandle.Alloc(this);
        *_stream = new()
        {
            GetSchema = &GetSchema,
            GetNext = &GetNext,
            GetLastError = &GetLastError,
            Release = &Release,
            PrivateData = GCHandle.ToIntPtr(_self),
        };
    }

    public ArrowStream* Pointer => _stream;

    /// <summary>What the batches threw, or null.</summary>
    public Exception? Failure { get; private set; }

    public void Dispose()
    {
        _batches.Dispose();
        _self.Free();
        CArrowSchema.Free(_schema);
        NativeMemory.Free(_stream);
    }

    private static RowStream Of(ArrowStream* stream) => (RowStream)GCHandle.FromIntPtr(stream->PrivateData).Target!;

    [UnmanagedCallersOnly]
    private static int GetSchema(ArrowStream* stream, CArrowSchema* schema)
    {
        *schema = *Of(stream)._schema;
        return 0;
    }

    // No exception may cross into native code.
    [UnmanagedCallersOnly]
    private static int GetNext(ArrowStream* stream, CArrowArray* array)
    {
        *array = default;
        var rows = Of(stream);
        try
        {
            rows._cancellationToken.ThrowIfCancellationRequested();
            if (rows._batches.MoveNext()) CArrowArrayExporter.ExportRecordBatch(rows._batches.Current, array);
            return 0;
        }
        catch (Exception exception)
        {
            rows.Failure = exception;
            return 1;
        }
    }

    [UnmanagedCallersOnly]
    private static byte* GetLastError(ArrowStream* stream) => null;

    [UnmanagedCallersOnly]
    private static void Release(ArrowStream* stream) => stream->Release = null;
}
