using static ML.Pipelines.Parquet.DuckDB.DuckDBNative;

namespace ML.Pipelines.Parquet.DuckDB;

/// <summary>A DuckDB instance in memory that reads and writes files and keeps nothing.</summary>
internal sealed class DuckDBDatabase : IDisposable
{
    private readonly DatabaseHandle _database;

    /// <summary>Opens an instance.</summary>
    /// <param name="threads">With one thread written bytes depend on the rows alone; null takes all cores.</param>
    /// <param name="memoryLimit">As DuckDB writes it, such as <c>1GB</c>; beyond it sorts and joins spill to the
    /// temporary folder. Null takes DuckDB's own, 80% of the machine's.</param>
    /// <param name="settings">More of DuckDB's settings.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>: the native library is missing.</exception>
    public DuckDBDatabase(int? threads, string? memoryLimit, params ReadOnlySpan<(string Name, string Value)> settings)
    {
        var all = new Dictionary<string, string>
        {
            ["temp_directory"] = Path.Combine(Path.GetTempPath(), $"mlpipelines-duckdb-{Environment.ProcessId}"),
            ["autoinstall_known_extensions"] = "false",
            ["autoload_known_extensions"] = "false",
            ["enable_external_file_cache"] = "false",
        };
        if (memoryLimit is not null) all["memory_limit"] = memoryLimit;
        foreach (var (name, value) in settings) all[name] = value;
        if (threads is { } number) all["threads"] = $"{number}";
        try
        {
            _database = Open(all);
        }
        catch (DllNotFoundException exception)
        {
            throw new PipelineException(ErrorCode.Configuration,
                "DuckDB's native library is not beside the application. Reference the package DuckDB.NET.Bindings.Full, " +
                "or run eng/setup-native.sh and build with -p:CompatDuckDB=true.", exception);
        }
    }

    /// <summary>A connection; each serves one thread at a time.</summary>
    public DuckDBConnection Connect() =>
        duckdb_connect(_database, out var connection) == Success
            ? new(connection)
            : throw new DuckDBException("The database does not open a connection.");

    public void Dispose() => _database.Dispose();

    private static DatabaseHandle Open(Dictionary<string, string> settings)
    {
        _ = duckdb_create_config(out var config);
        try
        {
            foreach (var (name, value) in settings)
                if (duckdb_set_config(config, name, value) != Success) throw new DuckDBException($"DuckDB does not take {name} = {value}.");
            if (duckdb_open_ext(null, out var database, config, out var error) == Success) return database;
            throw DuckDBException.Take(error);
        }
        finally
        {
            duckdb_destroy_config(ref config);
        }
    }
}
