using System.Collections;
using Apache.Arrow;
using Microsoft.ML;
using ML.Pipelines.Data;

namespace ML.Pipelines.Parquet.Columns;

/// <summary>
/// A data view's rows as record batches, bounded by rows and bytes: the visible columns without the companions, whose flags become nulls.
/// </summary>
internal sealed class RowBatches : IEnumerable<RecordBatch>
{
    private readonly IDataView _data;
    private readonly ParquetWriteOptions _options;
    private readonly DataViewSchema.Column[] _columns;

    /// <exception cref="PipelineException"><see cref="ErrorCode.UnsupportedType"/>: a column cannot be written.</exception>
    public RowBatches(IDataView data, ParquetWriteOptions options)
    {
        _data = data;
        _options = options;
        _columns = [.. data.Schema.Where(column => !column.IsHidden && !Nulls.IsCompanion(column))];
        Schema = new Schema(_columns.Select(ToField), null);
        if (_columns.Length == 0)
            throw new PipelineException(ErrorCode.UnsupportedType, "The data view has no column to write; a Parquet file needs one.");
    }

    public Schema Schema { get; }

    public IEnumerator<RecordBatch> GetEnumerator()
    {
        using var cursor = _data.GetRowCursor(_columns.Concat(Companions()));
        ColumnBuilder[] builders = [.. _columns.Select(column => ColumnBuilder.Create(cursor, cursor.Schema[column.Index]))];
        var rows = 0;
        while (cursor.MoveNext())
        {
            var bytes = AppendRow(builders);
            if (++rows < _options.RowGroupRows && bytes < _options.RowGroupBytes) continue;
            yield return Build(builders, rows);
            rows = 0;
        }
        if (rows > 0) yield return Build(builders, rows);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static Field ToField(DataViewSchema.Column column) =>
        ColumnTypes.ToArrow(column.Type) is { } type
            ? new Field(column.Name, type, true)
            : throw new PipelineException(ErrorCode.UnsupportedType,
                $"Column '{column.Name}' is {column.Type}, which Parquet files are not written with. " +
                "Drop it (DropColumns) or convert it first (MapKeyToValue for keys, ConvertType for others).");

    private IEnumerable<DataViewSchema.Column> Companions() =>
        _columns.Select(column => Nulls.CompanionOf(_data.Schema, column)).OfType<DataViewSchema.Column>();

    private static long AppendRow(ColumnBuilder[] builders)
    {
        var bytes = 0L;
        foreach (var builder in builders)
        {
            builder.AppendRow();
            bytes += builder.Bytes;
        }
        return bytes;
    }

    private RecordBatch Build(ColumnBuilder[] builders, int rows) =>
        new(Schema, builders.Select(builder => ArrowArrayFactory.BuildArray(builder.Build())), rows);
}
