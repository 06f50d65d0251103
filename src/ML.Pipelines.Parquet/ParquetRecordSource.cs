using Apache.Arrow;
using ML.Pipelines.Data;

namespace ML.Pipelines.Parquet;

/// <summary>The rows of one or several Parquet files with the same columns, in the order of the files.</summary>
/// <remarks>
/// Opening reads the footers only; each reader streams, with one record batch in memory (Parquet.Net: one row group of the active
/// columns). Readers are independent of each other and may run on several threads.
/// </remarks>
public sealed class ParquetRecordSource : RecordSource
{
    private readonly Part[] _parts;

    private ParquetRecordSource(Part[] parts)
    {
        _parts = parts;
        RowCount = parts.Sum(part => part.File.RowCount);
        Columns = [.. parts[0].Columns.Select((column, i) => column with { Nullable = parts.Any(part => part.Columns[i].Nullable) })];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<RecordColumn> Columns { get; }

    /// <inheritdoc/>
    public override long RowCount { get; }

    /// <summary>Reads the footers of the files.</summary>
    /// <param name="paths">At least one file. Columns agree in name, type and order; only nulls may differ.</param>
    /// <param name="options">Which columns and engine; null takes all columns and the default engine.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.FileNotFound"/>, <see cref="ErrorCode.DamagedFile"/>;
    /// <see cref="ErrorCode.MissingColumn"/> or <see cref="ErrorCode.TypeMismatch"/>: a named column is not there or the files differ;
    /// <see cref="ErrorCode.UnsupportedType"/>: a column's type has no counterpart in a data view.</exception>
    public static ParquetRecordSource Open(IReadOnlyList<string> paths, ParquetReadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentOutOfRangeException.ThrowIfZero(paths.Count);
        options ??= new();
        var engine = options.Engine ?? ParquetEngines.Default;
        Part[] parts = [.. paths.Select(path => Part.Open(path, engine, options))];
        foreach (var part in parts) part.CheckSameColumns(parts[0]);
        return new(parts);
    }

    /// <summary>A file's mean bytes a row, compressed as they are.</summary>
    public override IEnumerable<long> RowBytes()
    {
        foreach (var part in _parts)
        {
            var mean = part.File.RowCount == 0 ? 0 : new FileInfo(part.Path).Length / part.File.RowCount;
            for (long row = 0; row < part.File.RowCount; row++) yield return mean;
        }
    }

    /// <inheritdoc/>
    public override RecordReader Open(IReadOnlyList<bool> active, long firstRow, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int[] columns = [.. Enumerable.Range(0, Columns.Count).Where(i => active[i])];
        return new ParquetRecordReader(Columns, columns, Batches(columns, firstRow, count), firstRow);
    }

    // Without a column there is nothing to decode, only rows to count.
    private IEnumerable<RowBatch> Batches(int[] columns, long firstRow, long count)
    {
        foreach (var part in _parts)
        {
            var skipped = Math.Min(firstRow, part.File.RowCount);
            var rows = Math.Min(count, part.File.RowCount - skipped);
            if (rows > 0 && columns.Length == 0) yield return new(null, rows);
            if (rows > 0 && columns.Length > 0)
                foreach (var batch in part.Read(columns, skipped, rows)) yield return new(batch, batch.Length);
            firstRow -= skipped;
            count -= rows;
        }
    }

    /// <summary>Rows that were read together; no batch where no column is active.</summary>
    internal readonly record struct RowBatch(RecordBatch? Batch, long Rows);

    /// <summary>One file: the columns that a data view sees, and where in the file they are.</summary>
    private sealed record Part(string Path, IParquetFile File, IReadOnlyList<RecordColumn> Columns, int[] Indices)
    {
        public static Part Open(string path, IParquetEngine engine, ParquetReadOptions options)
        {
            var file = engine.OpenRead(path);
            var (columns, indices) = ColumnSelection.Of(path, file.Schema, options);
            return new(path, file, columns, indices);
        }

        public void CheckSameColumns(Part first)
        {
            for (var i = 0; i < Math.Max(Columns.Count, first.Columns.Count); i++)
            {
                var (own, other) = (Columns.ElementAtOrDefault(i), first.Columns.ElementAtOrDefault(i));
                if (own?.Name != other?.Name) throw Differs(first, ErrorCode.MissingColumn, i, Name(own), Name(other));
                if (!own!.Type.Equals(other!.Type))
                    throw Differs(first, ErrorCode.TypeMismatch, i, $"{Name(own)} ({own.Type})", $"{Name(other)} ({other.Type})");
            }
        }

        public IEnumerable<RecordBatch> Read(int[] columns, long firstRow, long count)
        {
            var read = 0L;
            foreach (var batch in File.Read([.. columns.Select(column => Indices[column])], firstRow, count))
            {
                read += batch.Length;
                yield return batch;
            }
            if (read != count)
                throw ParquetFiles.Damaged(Path, $"it has {read} rows from row {firstRow} on where its footer promises {count}");
        }

        private static string Name(RecordColumn? column) => column is null ? "no column" : $"'{column.Name}'";

        private PipelineException Differs(Part first, string code, int index, string own, string other) =>
            new(code, $"'{Path}' has {own} as column {index + 1} where '{first.Path}' has {other}. " +
                "Files read together need the same columns in the same order; ParquetReadOptions.Columns can name those they share.");
    }
}
