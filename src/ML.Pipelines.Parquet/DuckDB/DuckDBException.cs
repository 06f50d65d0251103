using System.Runtime.InteropServices;
using static ML.Pipelines.Parquet.DuckDB.DuckDBNative;

namespace ML.Pipelines.Parquet.DuckDB;

/// <summary>What DuckDB says went wrong. It never leaves this assembly.</summary>
internal sealed class DuckDBException(string message) : Exception(message)
{
    // The message begins with the kind of error; duckdb_result_error_type crashes for errors met while streaming.
    public bool OutOfMemory => Message.StartsWith("Out of Memory Error", StringComparison.Ordinal);

    /// <summary>The error in a message that DuckDB allocated.</summary>
    public static DuckDBException Take(nint message)
    {
        var exception = new DuckDBException(Text(message));
        duckdb_free(message);
        return exception;
    }

    /// <summary>Throws if there is an error; frees it.</summary>
    public static void ThrowIf(nint error)
    {
        if (error == 0) return;
        var message = duckdb_error_data_has_error(error) ? Text(duckdb_error_data_message(error)) : null;
        duckdb_destroy_error_data(ref error);
        if (message is not null) throw new DuckDBException(message);
    }

    public static unsafe DuckDBException Of(Result* result) => new(Text(duckdb_result_error(result)));

    public static string Text(nint utf8) => Marshal.PtrToStringUTF8(utf8) ?? "unknown error";
}
