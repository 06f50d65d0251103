using Apache.Arrow;
using static ML.Pipelines.Parquet.DuckDB.DuckDBNative;

namespace ML.Pipelines.Parquet.DuckDB;

/// <summary>Runs SQL and streams the results.</summary>
internal sealed class DuckDBConnection(ConnectionHandle connection) : IDisposable
{
    public ConnectionHandle Handle => connection;

    /// <summary>A text as an SQL literal.</summary>
    public static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>A name as an SQL identifier.</summary>
    public static string Identifier(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Starts a statement; its rows are computed as they are fetched.</summary>
    /// <exception cref="DuckDBException">The statement is wrong, or fails before its first row.</exception>
    public unsafe DuckDBResult Query(string sql)
    {
        var prepared = duckdb_prepare(connection, sql, out var statement);
        using (statement)
        {
            if (prepared != Success) throw new DuckDBException(DuckDBException.Text(duckdb_prepare_error(statement)));
            var result = new ResultHandle();
            if (duckdb_execute_prepared_streaming(statement, result.Pointer) == Success) return new(result);
            using (result) throw DuckDBException.Of(result.Pointer);
        }
    }

    /// <summary>Runs a statement to its end.</summary>
    public void Execute(string sql)
    {
        using var result = Query(sql);
        while (result.Next() is { } batch) batch.Dispose();
    }

    /// <summary>All rows of a short result.</summary>
    public List<T> List<T>(string sql, Func<RecordBatch, int, T> row)
    {
        using var result = Query(sql);
        var rows = new List<T>();
        while (result.Next() is { } batch)
            using (batch) rows.AddRange(Enumerable.Range(0, batch.Length).Select(i => row(batch, i)));
        return rows;
    }

    public void Dispose() => connection.Dispose();
}
