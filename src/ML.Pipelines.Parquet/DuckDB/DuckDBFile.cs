using Apache.Arrow;
using Apache.Arrow.Types;
using static ML.Pipelines.Parquet.DuckDB.DuckDBConnection;

namespace ML.Pipelines.Parquet.DuckDB;

/// <summary>A file as DuckDB's <c>read_parquet</c> sees it.</summary>
internal sealed class DuckDBFile : IParquetFile
{
    private readonly DuckDBDatabase _database;
    private readonly string _path;
    private readonly string[] _names;

    private DuckDBFile(DuckDBDatabase database, string path, DuckDBConnection connection)
    {
        _database = database;
        _path = path;
        Schema = ReadSchema(connection, out _names);
        RowCount = connection.List($"SELECT num_rows FROM parquet_file_metadata({File})", (row, i) => Number(row, 0, i))[0];
        if (RowCount < 0) throw new DuckDBException($"it has {RowCount} rows");
        Entries = connection.List($"SELECT decode(key), decode(value) FROM parquet_kv_metadata({File})",
            (row, i) => KeyValuePair.Create(Text(row, 0, i), Text(row, 1, i))).DistinctBy(entry => entry.Key).ToDictionary();
    }

    public Schema Schema { get; }

    public long RowCount { get; }

    public IReadOnlyDictionary<string, string> Entries { get; }

    // A name is not a pattern: its wildcards stand for themselves.
    private string File => Literal(string.Concat(_path.Select(c => c is '*' or '?' or '[' ? $"[{c}]" : $"{c}")));

    private string Source => $"read_parquet({File}, file_row_number = true, hive_partitioning = false)";

    public static DuckDBFile Open(DuckDBDatabase database, string path)
    {
        using var connection = database.Connect();
        try
        {
            return new(database, path, connection);
        }
        catch (DuckDBException exception)
        {
            throw Fault(path, exception);
        }
    }

    public IEnumerable<RecordBatch> Read(IReadOnlyList<int> columns, long firstRow, long count)
    {
        using var connection = _database.Connect();
        using var result = Translate(() => connection.Query(
            $"SELECT {string.Join(", ", columns.Select(column => Identifier(_names[column])))} FROM {Source}{Range(firstRow, count)}"));
        while (Translate(result.Next) is { } batch) yield return batch;
    }

    private static PipelineException Fault(string path, DuckDBException exception) =>
        exception.OutOfMemory
            ? new(ErrorCode.Configuration, $"'{path}' needs more memory than DuckDB may take: {exception.Message} Raise it.", exception)
            : ParquetFiles.Damaged(path, exception.Message.TrimEnd('.'), exception);

    private static string Text(RecordBatch row, int column, int index) => ((StringArray)row.Column(column)).GetString(index);

    private static long Number(RecordBatch row, int column, int index) => ((Int64Array)row.Column(column)).GetValue(index) ?? 0;

    // DuckDB prunes row groups by a filter on file_row_number; OFFSET would decode them.
    private string Range(long firstRow, long count) =>
        firstRow == 0 && count >= RowCount ? "" : $" WHERE file_row_number >= {firstRow} AND file_row_number < {firstRow + count}";

    private T Translate<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (DuckDBException exception)
        {
            throw Fault(_path, exception);
        }
    }

    // Of names that differ only in case DuckDB renames the later: those it knows stay apart from those in the file.
    private Schema ReadSchema(DuckDBConnection connection, out string[] names)
    {
        using var result = connection.Query($"SELECT * EXCLUDE (file_row_number) FROM {Source} LIMIT 0");
        var fields = result.Schema.FieldsList;
        names = [.. fields.Select(field => field.Name)];
        var columns = TopLevel(Elements(connection));
        var withoutNulls = ColumnsWithoutNulls(connection);
        return new Schema(fields.Zip(columns, (field, elements) =>
            new Field(elements[0].Name, field.DataType, IsNullable(field.DataType, elements, withoutNulls))), null);
    }

    private List<SchemaElement> Elements(DuckDBConnection connection) => connection.List(
        $"SELECT name, coalesce(repetition_type, ''), coalesce(num_children, 0)::BIGINT FROM parquet_schema({File})",
        (row, i) => new SchemaElement(Text(row, 0, i), Text(row, 1, i) == "OPTIONAL", Number(row, 2, i)));

    private HashSet<string> ColumnsWithoutNulls(DuckDBConnection connection) =>
    [
        .. connection.List($"SELECT path_in_schema FROM parquet_metadata({File}) GROUP BY 1 " +
            "HAVING count(*) = count(*) FILTER (stats_null_count = 0)", (row, i) => Text(row, 0, i)),
    ];

    // Null counts mean the same to all writers only where a column is not nested.
    private static bool IsNullable(IArrowType type, List<SchemaElement> elements, HashSet<string> withoutNulls) => type switch
    {
        ListType { ValueDataType: not StructType } => elements.Exists(element => element.Optional),
        NestedType => elements[0].Optional,
        _ => elements[0].Optional && !withoutNulls.Contains(elements[0].Name),
    };

    // The schema comes depth first, the root at its head.
    private static IEnumerable<List<SchemaElement>> TopLevel(List<SchemaElement> elements)
    {
        for (var index = 1; index < elements.Count;)
        {
            var first = index;
            for (var left = 1L; left > 0; left--) left += elements[index++].Children;
            yield return elements[first..index];
        }
    }

    private sealed record SchemaElement(string Name, bool Optional, long Children);
}
