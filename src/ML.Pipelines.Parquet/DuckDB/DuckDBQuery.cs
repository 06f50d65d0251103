using Apache.Arrow;

namespace ML.Pipelines.Parquet.DuckDB;

/// <summary>SQL over files, through DuckDB: <c>SELECT … FROM 'data/*.parquet'</c>.</summary>
public static class DuckDBQuery
{
    /// <summary>Runs a query on all cores, in an instance of its own.</summary>
    /// <param name="sql">One SELECT, DESCRIBE or SUMMARIZE without a semicolon.</param>
    /// <returns>Columns and rows, all values as DuckDB writes them in text.</returns>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>: the query is wrong or fails.</exception>
    public static DuckDBTable Execute(string sql)
    {
        try
        {
            using var database = new DuckDBDatabase(threads: null, memoryLimit: null);
            using var connection = database.Connect();
            using var result = connection.Query($"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ({sql})");
            var rows = new List<IReadOnlyList<string?>>();
            while (result.Next() is { } batch)
                using (batch) rows.AddRange(Enumerable.Range(0, batch.Length).Select(i => Row(batch, i)));
            return new([.. result.Schema.FieldsList.Select(field => field.Name)], rows);
        }
        catch (DuckDBException exception)
        {
            throw new PipelineException(ErrorCode.Configuration, $"The query fails: {exception.Message}", exception);
        }
    }

    private static string?[] Row(RecordBatch batch, int index) =>
        [.. batch.Arrays.Select(column => ((StringArray)column).IsNull(index) ? null : ((StringArray)column).GetString(index))];
}

/// <summary>The result of a query.</summary>
/// <param name="Columns">The names of the columns.</param>
/// <param name="Rows">The rows; values parallel to the columns, null for SQL's NULL.</param>
public sealed record DuckDBTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string?>> Rows);
