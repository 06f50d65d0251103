using Microsoft.ML;
using Microsoft.ML.Data;

namespace ML.Pipelines.Traces;

/// <summary>The ids that occur more than once in a data set, and the first row of each.</summary>
/// <remarks>Learning holds 128 bits and a row id for each row, about 60 bytes; what is kept is as large as there are such ids.</remarks>
internal sealed class DuplicateIds
{
    private readonly Dictionary<UInt128, DataViewRowId> _firstRows = [];

    private DuplicateIds() { }

    /// <summary>No id occurs twice.</summary>
    public static DuplicateIds None { get; } = new();

    /// <summary>Reads all ids of a data set once.</summary>
    /// <param name="traces">Has a text column <see cref="TraceColumns.Id"/>.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static DuplicateIds Learn(IDataView traces, CancellationToken cancellationToken)
    {
        var column = traces.Schema[TraceColumns.Id];
        using var cursor = traces.GetRowCursor([column]);
        var (id, row) = (cursor.GetGetter<ReadOnlyMemory<char>>(column), cursor.GetIdGetter());
        return Learn(Ids(cursor, id, row, cancellationToken));
    }

    /// <summary>The first row with an id, where that is another row.</summary>
    public DataViewRowId? FirstOf(string id, DataViewRowId row) =>
        _firstRows.Count > 0 && _firstRows.TryGetValue(ContentId.Key(id), out var first) && !first.Equals(row) ? first : null;

    private static DuplicateIds Learn(IEnumerable<(UInt128 Key, DataViewRowId Row)> ids)
    {
        var seen = new Dictionary<UInt128, DataViewRowId>();
        var duplicates = new DuplicateIds();
        foreach (var (key, row) in ids)
            if (!seen.TryAdd(key, row)) duplicates._firstRows[key] = seen[key];
        return duplicates;
    }

    private static IEnumerable<(UInt128 Key, DataViewRowId Row)> Ids(
        DataViewRowCursor cursor,
        ValueGetter<ReadOnlyMemory<char>> getId,
        ValueGetter<DataViewRowId> getRow,
        CancellationToken cancellationToken)
    {
        var (id, row) = (default(ReadOnlyMemory<char>), default(DataViewRowId));
        while (cursor.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            getId(ref id);
            getRow(ref row);
            yield return (ContentId.Key(id.ToString()), row);
        }
    }
}
