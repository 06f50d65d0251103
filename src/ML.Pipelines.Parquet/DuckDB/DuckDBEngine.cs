using System.Runtime.ExceptionServices;
using Apache.Arrow;
using static ML.Pipelines.Parquet.DuckDB.DuckDBConnection;
using static ML.Pipelines.Parquet.DuckDB.DuckDBNative;

namespace ML.Pipelines.Parquet.DuckDB;

/// <summary>DuckDB through its C API: an instance in memory, one thread, so that the same rows give the same bytes.</summary>
/// <remarks>
/// Reads chunks of up to 2,048 rows and writes row group by row group. Column names that differ only in case are refused: DuckDB's
/// names ignore case.
/// </remarks>
public sealed class DuckDBEngine : IParquetEngine
{
    private static long _views;
    private readonly Lazy<DuckDBDatabase> _reading;
    private readonly Lazy<DuckDBDatabase> _writing;

    /// <summary>Creates the engine; the native library is loaded with the first file.</summary>
    /// <param name="memoryLimit">The most memory that DuckDB takes for all reads and, again, for all writes, such as <c>512MB</c>.</param>
    public DuckDBEngine(string memoryLimit = "2GB")
    {
        _reading = new(() => new(threads: 1, memoryLimit));
        // DuckDB bounds row groups by bytes only where it need not keep the order, which one thread keeps anyway.
        _writing = new(() => new(threads: 1, memoryLimit, ("preserve_insertion_order", "false")));
    }

    /// <inheritdoc/>
    public string Name => "DuckDB";

    /// <inheritdoc/>
    public IParquetFile OpenRead(string path)
    {
        ParquetFiles.Check(path);
        return DuckDBFile.Open(_reading.Value, path);
    }

    /// <inheritdoc/>
    public void Write(
        string path,
        Schema schema,
        IEnumerable<RecordBatch> rows,
        ParquetWriteOptions options,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(options);
        CheckNames(schema);
        using var connection = _writing.Value.Connect();
        using var stream = new RowStream(schema, rows, cancellationToken);
        var view = $"rows_{Interlocked.Increment(ref _views)}";
        try
        {
            Register(connection, view, stream);
            connection.Execute($"COPY (SELECT * FROM {view}) TO {Literal(path)} ({CopyOptions(options)})");
        }
        catch (DuckDBException) when (stream.Failure is not null)
        {
            ExceptionDispatchInfo.Throw(stream.Failure);
        }
        catch (DuckDBException exception)
        {
            throw ParquetFiles.Unwritable(path, exception);
        }
        finally
        {
            connection.Execute($"DROP VIEW IF EXISTS {view}");
        }
    }

    private static unsafe void Register(DuckDBConnection connection, string view, RowStream stream)
    {
        if (duckdb_arrow_scan(connection.Handle, view, stream.Pointer) != Success)
            throw new DuckDBException("The rows cannot be registered.");
    }

    private static string CopyOptions(ParquetWriteOptions options)
    {
        List<string> parts =
        [
            "FORMAT parquet",
            $"COMPRESSION {(options.Compression == ParquetCompression.None ? "uncompressed" : $"{options.Compression}")}",
            $"ROW_GROUP_SIZE {options.RowGroupRows}",
            $"ROW_GROUP_SIZE_BYTES {options.RowGroupBytes}",
            "USE_TMP_FILE false",
        ];
        if (options.Footer.Count > 0) parts.Add($"KV_METADATA {{{string.Join(", ", Entries(options.Footer))}}}");
        return string.Join(", ", parts);
    }

    private static IEnumerable<string> Entries(IReadOnlyDictionary<string, string> footer) =>
        footer.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{Literal(entry.Key)}: {Literal(entry.Value)}");

    private static void CheckNames(Schema schema)
    {
        var names = schema.FieldsList.GroupBy(field => field.Name, field => field.Name, StringComparer.OrdinalIgnoreCase);
        if (names.FirstOrDefault(group => group.Count() > 1) is { } same)
            throw new PipelineException(ErrorCode.UnsupportedType,
                $"DuckDB cannot write columns whose names differ only in case: {string.Join(", ", same)}. Rename one.");
    }
}
