using Apache.Arrow;
using global::Parquet;
using global::Parquet.Schema;

namespace ML.Pipelines.Parquet.ParquetNet;

/// <summary>A file as Parquet.Net sees it.</summary>
internal sealed class ParquetNetFile : IParquetFile
{
    // A row group is in memory decoded; its Arrow form is made of it in parts.
    private const int BatchRows = 1024;
    private readonly string _path;

    private ParquetNetFile(string path, ParquetReader reader)
    {
        _path = path;
        Schema = new Schema(reader.Schema.Fields.Select(field => ToArrow(field, reader)), null);
        if (reader.RowGroups.Any(group => group.RowCount < 0)) throw new InvalidDataException("a row group has less than no rows");
        RowCount = reader.RowGroups.Sum(group => group.RowCount);
        Entries = (reader.Metadata?.KeyValueMetadata ?? []).DistinctBy(entry => entry.Key)
            .ToDictionary(entry => entry.Key, entry => entry.Value ?? "");
    }

    public Schema Schema { get; }

    public long RowCount { get; }

    public IReadOnlyDictionary<string, string> Entries { get; }

    public static ParquetNetFile Open(string path) => Translate(path, () =>
    {
        using var stream = new SynchronousFileStream(path, FileMode.Open, FileAccess.Read);
        ThriftFooter.Check(stream);
        return new ParquetNetFile(path, Blocking.Wait(ParquetReader.CreateAsync(stream)));
    });

    public IEnumerable<RecordBatch> Read(IReadOnlyList<int> columns, long firstRow, long count)
    {
        var schema = new Schema(columns.Select(Schema.GetFieldByIndex), null);
        using var stream = Translate(_path, () => new SynchronousFileStream(_path, FileMode.Open, FileAccess.Read));
        var reader = Translate(_path, () => Blocking.Wait(ParquetReader.CreateAsync(stream)));
        var chunks = Translate(_path, () => columns.Select(column => new ColumnChunkReader(reader.Schema[column])).ToArray());
        foreach (var group in reader.RowGroups)
        {
            var skipped = Math.Min(firstRow, group.RowCount);
            var rows = Math.Min(count, group.RowCount - skipped);
            if (rows > 0) Translate(_path, () => Load(chunks, group, skipped));
            for (var left = rows; left > 0; left -= BatchRows)
                yield return Translate(_path, () => Next(schema, chunks, (int)Math.Min(left, BatchRows)));
            firstRow -= skipped;
            count -= rows;
        }
    }

    private static bool Load(ColumnChunkReader[] chunks, ParquetRowGroupReader group, long skipped)
    {
        foreach (var chunk in chunks)
        {
            chunk.Load(group);
            chunk.Skip(skipped);
        }
        return true;
    }

    private static RecordBatch Next(Schema schema, ColumnChunkReader[] chunks, int rows) =>
        new(schema, chunks.Select(chunk => chunk.Read(rows)), rows);

    private static Apache.Arrow.Field ToArrow(global::Parquet.Schema.Field field, ParquetReader reader) =>
        new(field.Name, FieldTypes.ToArrow(field), IsNullable(field, reader));

    // Null counts mean the same to all writers only where a column is not nested.
    private static bool IsNullable(global::Parquet.Schema.Field field, ParquetReader reader) => field switch
    {
        DataField { IsArray: true } => false,
        DataField leaf => leaf.IsNullable && !HasNoNulls(leaf, reader),
        ListField { Item: DataField { IsArray: false, IsNullable: true } } => true,
        _ => field.IsNullable,
    };

    private static bool HasNoNulls(DataField leaf, ParquetReader reader) =>
        reader.RowGroupCount > 0 && reader.RowGroups.All(group => group.GetMetadata(leaf)?.MetaData?.Statistics?.NullCount == 0);

    // Parquet.Net reports damage by whatever its decoders run into.
    private static T Translate<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception exception) when (exception is NotSupportedException or NotImplementedException)
        {
            throw new PipelineException(ErrorCode.UnsupportedType,
                $"'{path}' uses something that Parquet.Net does not read: {exception.Message} Read it with the engine DuckDB.", exception);
        }
        catch (Exception exception) when (exception is not PipelineException)
        {
            throw ParquetFiles.Damaged(path, exception.Message.TrimEnd('.'), exception);
        }
    }
}
