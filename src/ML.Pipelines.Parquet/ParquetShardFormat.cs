using Microsoft.ML;
using ML.Pipelines.Data;
using ML.Pipelines.Parquet.Columns;
using ML.Pipelines.Runs;

namespace ML.Pipelines.Parquet;

/// <summary>Shards as Parquet files. Immutable and thread-safe.</summary>
public sealed class ParquetShardFormat : IShardFormat
{
    private readonly ParquetWriteOptions _options;
    private readonly IParquetEngine _engine;

    /// <summary>Creates the format.</summary>
    /// <param name="engine">The engine; null takes <see cref="ParquetEngines.Default"/>.</param>
    /// <param name="options">Row groups and compression; its engine and footer are not looked at.</param>
    public ParquetShardFormat(IParquetEngine? engine = null, ParquetWriteOptions? options = null)
    {
        _engine = engine ?? ParquetEngines.Default;
        _options = options ?? new();
    }

    /// <inheritdoc/>
    public string Extension => ".parquet";

    /// <inheritdoc/>
    /// <exception cref="PipelineException"><see cref="ErrorCode.UnsupportedType"/>: a column cannot be written;
    /// <see cref="ErrorCode.Output"/>: the file cannot.</exception>
    public void Write(
        IDataView data, string path, IReadOnlyDictionary<string, string> footer, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        var options = _options with { Footer = footer };
        var rows = new RowBatches(data, options);
        _engine.Write(path, rows.Schema, rows, options, cancellationToken);
        ParquetFiles.FlushToDisk(path);
    }

    /// <inheritdoc/>
    public ShardFooter ReadFooter(string path)
    {
        var file = _engine.OpenRead(path);
        return new(file.RowCount, [.. file.Schema.FieldsList.Select(field => ColumnSelection.ToColumn(path, field))], file.Entries);
    }

    /// <inheritdoc/>
    public RecordDataView Read(IReadOnlyList<string> paths) => new(ParquetRecordSource.Open(paths, new() { Engine = _engine }));
}
