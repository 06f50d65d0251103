using System.Numerics;
using System.Runtime.CompilerServices;

namespace ML.Pipelines.Parquet;

/// <summary>How Parquet files are written.</summary>
public sealed record ParquetWriteOptions
{
    /// <summary>The most rows in a row group, at least 1.</summary>
    public int RowGroupRows { get; init => field = AtLeastOne(value); } = 10_000;

    /// <summary>
    /// A row group is closed once its values take this many bytes uncompressed, at least 1. It bounds the memory of writing, which
    /// takes a multiple of it, and of every later reading.
    /// </summary>
    public long RowGroupBytes { get; init => field = AtLeastOne(value); } = 8 << 20;

    /// <summary>The compression of pages.</summary>
    public ParquetCompression Compression { get; init; } = ParquetCompression.Zstd;

    /// <summary>Keys and values for the footer, written in ordinal order of the keys.</summary>
    public IReadOnlyDictionary<string, string> Footer { get; init; } = new Dictionary<string, string>();

    /// <summary>The engine; null takes <see cref="ParquetEngines.Default"/>.</summary>
    public IParquetEngine? Engine { get; init; }

    private static T AtLeastOne<T>(T value, [CallerMemberName] string? option = null) where T : INumber<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, T.One, option);
        return value;
    }
}

/// <summary>The compression of pages.</summary>
public enum ParquetCompression
{
    /// <summary>Zstandard, level 3.</summary>
    Zstd,

    /// <summary>Snappy.</summary>
    Snappy,

    /// <summary>Not compressed.</summary>
    None,
}
