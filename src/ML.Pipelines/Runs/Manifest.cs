using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ML.Pipelines.Runs;

/// <summary>A sealed shard's line in <c>manifest.jsonl</c>.</summary>
public sealed record ManifestEntry
{
    /// <summary>The shard's name.</summary>
    public required string Shard { get; init; }

    /// <summary>Source rows.</summary>
    public required long RowsIn { get; init; }

    /// <summary>Source rows that stayed.</summary>
    public required long RowsKept { get; init; }

    /// <summary>Rows in the data file.</summary>
    public required long RowsOut { get; init; }

    /// <summary>Dropped rows by reason.</summary>
    public required IReadOnlyDictionary<string, long> Dropped { get; init; }

    /// <summary>Quarantined rows.</summary>
    public required long Quarantined { get; init; }

    /// <summary>Bytes of the data file.</summary>
    public required long Bytes { get; init; }

    /// <summary>SHA-256 of the data file, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>SHA-256 over the columns' names and types.</summary>
    public required string SchemaHash { get; init; }

    /// <summary>Tokens of the kept rows' chains before.</summary>
    public required long TokensBefore { get; init; }

    /// <summary>Tokens of the kept rows' chains after.</summary>
    public required long TokensAfter { get; init; }
}

/// <summary>The list of sealed shards: one JSON line each, appended last.</summary>
/// <remarks>An entry counts once its line end is written: what follows the last line end is what a crash or a writer in progress left.</remarks>
public static class Manifest
{
    /// <summary>The manifest's file name.</summary>
    public const string FileName = "manifest.jsonl";

    private static readonly JsonSerializerOptions Json =
        new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The sealed shards of a run in the order of sealing; none where there is no manifest.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.DamagedFile"/>: a line is no entry, or a shard has two.</exception>
    public static IReadOnlyList<ManifestEntry> Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return [];
        var lines = ReadText(path).Split('\n')[..^1];
        var entries = lines.Select((line, i) => Parse(path, line, i + 1)).ToArray();
        var known = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < entries.Length; i++)
            if (!known.Add(entries[i].Shard)) throw Damaged(path, i + 1, $"'{entries[i].Shard}' is listed before.");
        return entries;
    }

    internal static void Append(string folder, ManifestEntry entry)
    {
        using var stream = new FileStream(Path.Combine(folder, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        stream.SetLength(LengthOfLines(stream));
        stream.Seek(0, SeekOrigin.End);
        stream.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(entry, Json) + "\n"));
        stream.Flush(flushToDisk: true);
    }

    // A run may be appending at the same time.
    private static string ReadText(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    private static long LengthOfLines(FileStream stream)
    {
        for (var length = stream.Length; length > 0; length--)
        {
            stream.Position = length - 1;
            if (stream.ReadByte() == '\n') return length;
        }
        return 0;
    }

    private static ManifestEntry Parse(string path, string line, int number)
    {
        try
        {
            return JsonSerializer.Deserialize<ManifestEntry>(line, Json) ?? throw Damaged(path, number, "it is null.");
        }
        catch (JsonException fault)
        {
            throw Damaged(path, number, fault.Message, fault);
        }
    }

    private static PipelineException Damaged(string path, int number, string what, Exception? fault = null) => new(ErrorCode.DamagedFile,
        $"{path}:{number}: not a manifest entry: {what} Remove the line to have its shard made again.", fault);
}
