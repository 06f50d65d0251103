using Microsoft.ML;
using Microsoft.ML.Data;

namespace ML.Pipelines.Data;

/// <summary>An ordered set of rows on disk that can be read from any row on, any number of times, by several readers at once.</summary>
public abstract class RecordSource
{
    /// <summary>The columns in order.</summary>
    public abstract IReadOnlyList<RecordColumn> Columns { get; }

    /// <summary>The rows in the source, unreadable ones included.</summary>
    public abstract long RowCount { get; }

    /// <summary>The bytes of each row in its file, in order; zeros where a source cannot tell.</summary>
    public virtual IEnumerable<long> RowBytes() => Enumerable.Repeat(0L, checked((int)RowCount));

    /// <summary>Opens a reader over rows <paramref name="firstRow"/> to <paramref name="firstRow"/> + <paramref name="count"/> - 1.</summary>
    /// <param name="active">Parallel to <see cref="Columns"/>: which are to be read.</param>
    /// <param name="firstRow">0 or more; past the end gives no rows.</param>
    /// <param name="count">0 or more; cut off at the end.</param>
    public abstract RecordReader Open(IReadOnlyList<bool> active, long firstRow, long count);
}

/// <summary>One forward pass over the rows of a <see cref="RecordSource"/>.</summary>
public abstract class RecordReader : IDisposable
{
    /// <summary>The row's number in the source, from 0; unreadable rows count too.</summary>
    public abstract long Row { get; }

    /// <summary>Goes to the next readable row; false at the end.</summary>
    public abstract bool MoveNext();

    /// <summary>A getter of an active column's value in the current row; the type's default where it is null.</summary>
    /// <typeparam name="T">The raw type of the column.</typeparam>
    public abstract ValueGetter<T> GetGetter<T>(int column);

    /// <summary>Whether an active column's value is null in the current row.</summary>
    public abstract bool IsNull(int column);

    /// <summary>Which elements of an active list column are null in the current row: as long as the list, or empty where none is.</summary>
    public abstract void GetElementNulls(int column, ref VBuffer<bool> nulls);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes files.</summary>
    protected virtual void Dispose(bool disposing) { }
}
