using Apache.Arrow;
using global::Parquet;
using global::Parquet.Schema;

namespace ML.Pipelines.Parquet.ParquetNet;

/// <summary>Parquet.Net: managed code, no native library.</summary>
/// <remarks>
/// Reads and writes row group by row group, so its memory follows the row groups' size. Columns are written without minima and maxima:
/// those of Parquet.Net 6.1 are wrong for timestamps and in the wrong order for text, and readers leave rows out by them.
/// </remarks>
public sealed class ParquetNetEngine : IParquetEngine
{
    /// <inheritdoc/>
    public string Name => "Parquet.Net";

    /// <inheritdoc/>
    public IParquetFile OpenRead(string path)
    {
        ParquetFiles.Check(path);
        return ParquetNetFile.Open(path);
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
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        ParquetSchema fields = new(schema.FieldsList.Select(field => FieldTypes.ToParquet(field.Name, field.DataType)));
        var leaves = Leaves(fields);
        using var stream = Translate(path, () => new SynchronousFileStream(path, FileMode.Create, FileAccess.ReadWrite));
        var writer = Translate(path, () => Blocking.Wait(ParquetWriter.CreateAsync(fields, stream, ToParquet(options))));
        foreach (var batch in rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using (batch) Translate(path, () => WriteRowGroup(writer, leaves, batch));
        }
        Translate(path, () => Complete(writer, stream, options));
    }

    private static Leaf[] Leaves(ParquetSchema fields) =>
    [
        .. fields.Fields.SelectMany((field, column) => FieldTypes.Leaves(field)
            .Select((leaf, index) => new Leaf(column, index, LeafWriter.Create(leaf, FieldTypes.ToArrow(leaf))))),
    ];

    private static ParquetOptions ToParquet(ParquetWriteOptions options) => new()
    {
        CompressionMethod = options.Compression switch
        {
            ParquetCompression.Zstd => CompressionMethod.Zstd,
            ParquetCompression.Snappy => CompressionMethod.Snappy,
            _ => CompressionMethod.None,
        },
        CompressionLevel = System.IO.Compression.CompressionLevel.Optimal,
    };

    private static bool WriteRowGroup(ParquetWriter writer, Leaf[] leaves, RecordBatch batch)
    {
        using var group = writer.CreateRowGroup();
        foreach (var leaf in leaves) leaf.Writer.Write(group, batch.Column(leaf.Column).Data, leaf.Index);
        group.CompleteValidate();
        return true;
    }

    // Disposing writes the footer; after a failure that would make a part look whole, so only the stream is closed then.
    private static bool Complete(ParquetWriter writer, SynchronousFileStream stream, ParquetWriteOptions options)
    {
        writer.CustomMetadata = new SortedDictionary<string, string>(options.Footer.ToDictionary(), StringComparer.Ordinal);
        var footer = stream.Position;
        Blocking.Wait(writer.DisposeAsync());
        ThriftFooter.RemoveStatistics(stream, footer);
        return true;
    }

    private static T Translate<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception exception) when (exception is not PipelineException)
        {
            throw ParquetFiles.Unwritable(path, exception);
        }
    }

    private readonly record struct Leaf(int Column, int Index, LeafWriter Writer);
}
