namespace ML.Pipelines.Data;

/// <summary>How JSON Lines files are read.</summary>
public sealed record JsonLinesOptions
{
    /// <summary>The columns to read; null reads all. A named column that no row has is an error.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Whether columns of a type that has no counterpart (nested deeper than list&lt;struct&gt; of scalars) are left out instead
    /// of refused.</summary>
    public bool LeaveOutUnsupported { get; init; }

    /// <summary>The most bytes a line may have, its line end not counted: 1 to 1,000,000,000. A longer line is a bad row. Default 64 MiB.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Out of that range.</exception>
    public int MaxRowBytes
    {
        get;
        init => field = value is >= 1 and <= 1_000_000_000 ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "MaxRowBytes is 1 to 1,000,000,000.");
    } = 64 << 20;

    /// <summary>Where bad rows go. Null: the first bad row stops the reader with an exception.</summary>
    public IRejectSink? Rejects { get; init; }
}
