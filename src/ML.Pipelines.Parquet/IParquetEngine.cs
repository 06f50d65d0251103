using Apache.Arrow;

namespace ML.Pipelines.Parquet;

/// <summary>A library that reads and writes Parquet files. Thread-safe.</summary>
/// <remarks>
/// Rows travel as Arrow record batches. Column types on both sides: text, integers of 8 to 64 bits, float, double, boolean, timestamps
/// with and without a zone, lists of those, structs of those and lists of such structs.
/// </remarks>
public interface IParquetEngine
{
    /// <summary>The name to choose the engine by: see <see cref="ParquetEngines.Named"/>.</summary>
    string Name { get; }

    /// <summary>Reads the footer of a file; no handle stays open.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.FileNotFound"/>; <see cref="ErrorCode.DamagedFile"/>: empty, truncated
    /// or not Parquet; <see cref="ErrorCode.UnsupportedType"/>: a Parquet feature that this engine lacks.</exception>
    IParquetFile OpenRead(string path);

    /// <summary>Writes one file. Every column and element is OPTIONAL; the same rows give the same bytes.</summary>
    /// <param name="path">The file to create; an existing one is replaced, and a failure leaves an incomplete one behind.</param>
    /// <param name="schema">The columns. Their names must differ in more than case.</param>
    /// <param name="rows">The rows; a batch belongs to the engine once it is given out.</param>
    /// <param name="options">Row group bounds, compression and footer entries.</param>
    /// <param name="cancellationToken">Cancels between batches.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Output"/>: the file cannot be written.</exception>
    void Write(
        string path,
        Schema schema,
        IEnumerable<RecordBatch> rows,
        ParquetWriteOptions options,
        CancellationToken cancellationToken = default);
}

/// <summary>A Parquet file's footer, and the way to its rows. Immutable; several reads may run at once.</summary>
public interface IParquetFile
{
    /// <summary>The columns as Arrow types; a field is nullable where the footer does not rule out nulls.</summary>
    Schema Schema { get; }

    /// <summary>The number of rows.</summary>
    long RowCount { get; }

    /// <summary>The footer's keys and values.</summary>
    IReadOnlyDictionary<string, string> Entries { get; }

    /// <summary>Reads a range of rows; row groups outside it are not decoded. The caller disposes the batches.</summary>
    /// <param name="columns">Indices into <see cref="Schema"/>, in the order wanted; at least one.</param>
    /// <param name="firstRow">0 or more.</param>
    /// <param name="count">Cut off at the file's end.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.DamagedFile"/>: the data does not decode.</exception>
    IEnumerable<RecordBatch> Read(IReadOnlyList<int> columns, long firstRow, long count);
}
