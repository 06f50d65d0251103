namespace ML.Pipelines.Parquet;

/// <summary>What to read of Parquet files, and with what.</summary>
public sealed record ParquetReadOptions
{
    /// <summary>The columns to read, in this order; null reads all. Columns left out are not decoded.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>
    /// Whether columns of a type that a data view cannot hold (list of lists, struct in struct, map, decimal, binary …) are left out;
    /// false makes such a column an error, unless <see cref="Columns"/> does not name it.
    /// </summary>
    public bool LeaveOutUnsupported { get; init; }

    /// <summary>The engine; null takes <see cref="ParquetEngines.Default"/>.</summary>
    public IParquetEngine? Engine { get; init; }
}
