using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ML.Pipelines.Runs.Stores;

namespace ML.Pipelines.Runs;

/// <summary>A sealed shard's line in <c>manifest.jsonl</c>.</summary>
public sealed record ManifestEntry
{
    /// <summary>The shard's name.</summary>
    public required string Shard { get; init; }

    /// <summary>Source rows.</summary>
    public required long RowsIn { get; init; }

    /// <summary>Source rows that stayed: at least one row of the data file comes from each.</summary>
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

    /// <summary>Quarantined rows by error code; null where there are none.</summary>
    public IReadOnlyDictionary<string, long>? Errors { get; init; }

    /// <summary>Parts of kept rows that left, by drop reason or error code; null where there are none.</summary>
    public IReadOnlyDictionary<string, long>? PartsLost { get; init; }

    /// <summary>The kept rows' steps by category; null where there are none.</summary>
    public IReadOnlyDictionary<string, StepTotals>? Steps { get; init; }

    /// <summary>What the calls of models took, by the model's name in the job; null where there was none.</summary>
    public IReadOnlyDictionary<string, ModelUsage>? Usage { get; init; }

    /// <summary>What teachers tried to shorten chains, by stage and rate; null where nothing was tried.</summary>
    public IReadOnlyDictionary<string, AttemptTotals>? Attempts { get; init; }
}

/// <summary>The list of sealed shards: one JSON line each, appended last.</summary>
/// <remarks>
/// An entry counts once its line end is written: what follows the last line end is what a crash or a writer in progress left. A process
/// that works on a slice appends to a file of its own; a finished run has all entries in <c>manifest.jsonl</c>, in the plan's order.
/// </remarks>
public static class Manifest
{
    /// <summary>The manifest's file name.</summary>
    public const string FileName = "manifest.jsonl";

    private const string SlicePrefix = RunFolder.WorkPrefix + "manifests/";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The sealed shards of a run in a local folder; see <see cref="Read(IRunStore)"/>.</summary>
    public static IReadOnlyList<ManifestEntry> Read(string folder) => Read(new LocalRunStore(folder));

    /// <summary>The sealed shards of a run in the order of sealing, slice by slice; none where there is no manifest.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.DamagedFile"/>: a line is no entry, or a file lists a shard twice.</exception>
    public static IReadOnlyList<ManifestEntry> Read(IRunStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        // A shard may be in the manifest and still in its slice's: a merge was stopped between the two.
        return [.. SliceFiles(store).Prepend(FileName).SelectMany(name => ReadFile(store, name)).DistinctBy(entry => entry.Shard, StringComparer.Ordinal)];
    }

    internal static void Append(IRunStore store, RunSlice slice, ManifestEntry entry) =>
        store.Append(slice.IsWhole ? FileName : SliceFile(slice), Encoding.UTF8.GetBytes(Line(entry)));

    /// <summary>Writes the manifest of a run whose shards are all sealed, and removes those of its slices.</summary>
    internal static void Finish(IRunStore store, IEnumerable<ManifestEntry> entries)
    {
        var content = Encoding.UTF8.GetBytes(string.Concat(entries.Select(Line)));
        if (store.Read(FileName) is not { } before || !before.AsSpan().SequenceEqual(content)) store.Replace(FileName, content);
        foreach (var file in SliceFiles(store).ToArray()) store.Delete(file);
    }

    private static string SliceFile(RunSlice slice) => $"{SlicePrefix}{slice.Number}-of-{slice.Count}.jsonl";

    private static IEnumerable<string> SliceFiles(IRunStore store) => store.List(SlicePrefix).Select(file => file.Name);

    private static string Line(ManifestEntry entry) => JsonSerializer.Serialize(entry, Json) + "\n";

    private static ManifestEntry[] ReadFile(IRunStore store, string name)
    {
        var path = store.Describe(name);
        var lines = Encoding.UTF8.GetString(store.Read(name) ?? []).Split('\n')[..^1];
        var entries = lines.Select((line, i) => Parse(path, line, i + 1)).ToArray();
        var known = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < entries.Length; i++)
            if (!known.Add(entries[i].Shard)) throw Damaged(path, i + 1, $"'{entries[i].Shard}' is listed before.");
        return entries;
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
