using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;
using ML.Pipelines.Parquet.Columns;

namespace ML.Pipelines.Parquet;

/// <summary>One forward pass over a range of rows, batch by batch.</summary>
internal sealed class ParquetRecordReader : RecordReader
{
    private readonly ColumnValues?[] _columns;
    private readonly ColumnValues[] _active;
    private readonly IEnumerator<ParquetRecordSource.RowBatch> _batches;
    private ParquetRecordSource.RowBatch _batch;
    private long _row;
    private long _index = -1;

    public ParquetRecordReader(
        IReadOnlyList<RecordColumn> columns, int[] active, IEnumerable<ParquetRecordSource.RowBatch> batches, long firstRow)
    {
        _columns = new ColumnValues?[columns.Count];
        foreach (var column in active) _columns[column] = ColumnTypes.NewColumn(columns[column].Type);
        _active = [.. active.Select(column => _columns[column]!)];
        _batches = batches.GetEnumerator();
        _row = firstRow - 1;
    }

    public override long Row => _row;

    public override bool MoveNext()
    {
        while (++_index >= _batch.Rows)
            if (!NextBatch()) return false;
        foreach (var column in _active) column.Row = (int)_index;
        _row++;
        return true;
    }

    public override ValueGetter<T> GetGetter<T>(int column) => (ValueGetter<T>)Active(column).Getter();

    public override bool IsNull(int column) => Active(column).IsNull();

    public override void GetElementNulls(int column, ref VBuffer<bool> nulls) => Active(column).GetElementNulls(ref nulls);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _batch.Batch?.Dispose();
            _batch = default;
            _batches.Dispose();
        }
        base.Dispose(disposing);
    }

    private ColumnValues Active(int column) =>
        _columns[column] ?? throw new ArgumentOutOfRangeException(nameof(column), "requested column not active");

    private bool NextBatch()
    {
        _batch.Batch?.Dispose();
        _batch = default;
        _index = -1;
        if (!_batches.MoveNext()) return false;
        _batch = _batches.Current;
        for (var i = 0; i < _active.Length; i++) _active[i].Bind(_batch.Batch!.Column(i).Data);
        return true;
    }
}
