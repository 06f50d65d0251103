using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ML.Pipelines.Runs.Stores;

namespace ML.Pipelines.Runs;

/// <summary>What a run is going to do, fixed before its first row: written to <c>plan.json</c>.</summary>
public sealed record RunPlan
{
    /// <summary>The plan's file name.</summary>
    public const string FileName = "plan.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The product's version.</summary>
    public required string Version { get; init; }

    /// <summary>SHA-256 over version, options, input hashes and model fingerprints: equal fingerprints mean equal output bytes.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The options that count, in order, as path and value.</summary>
    public required IReadOnlyList<PlanOption> Options { get; init; }

    /// <summary>The job as it was given, with absolute paths; does not count for the fingerprint. Null where code made the run.</summary>
    public JsonElement? Job { get; init; }

    /// <summary>The input files in order.</summary>
    public required IReadOnlyList<PlanInput> Inputs { get; init; }

    /// <summary>Each model's fingerprint by its name in the job.</summary>
    public required IReadOnlyDictionary<string, string> Models { get; init; }

    /// <summary>The shards in order.</summary>
    public required IReadOnlyList<PlanShard> Shards { get; init; }

    /// <summary>The columns of every data shard, in order.</summary>
    public required IReadOnlyList<PlanColumn> Columns { get; init; }

    /// <summary>The column of the input's ids.</summary>
    public required string IdColumn { get; init; }

    /// <summary>What Fit learned from the data set, by stage: a run that goes on, or another slice, does not learn it again.</summary>
    public IReadOnlyDictionary<string, JsonElement> Fitted { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>What the run will ask of its models, projected from a sample of the rows; null where it was not estimated.</summary>
    public PlanEstimate? Estimate { get; init; }

    /// <summary>The prices of models by their names in the job; a model that is not here costs what nobody knows.</summary>
    public IReadOnlyDictionary<string, ModelPrice> Prices { get; init; } = new Dictionary<string, ModelPrice>();

    /// <summary>SHA-256 over the columns' names and types.</summary>
    [JsonIgnore]
    public string SchemaHash => Hash(string.Join('\n', Columns.Select(column => $"{column.Name}:{column.Type}")));

    /// <summary>The rows of all shards.</summary>
    [JsonIgnore]
    public long Rows => Shards.Sum(shard => shard.Rows);

    /// <summary>Reads the plan of a run in a local folder; see <see cref="Read(IRunStore)"/>.</summary>
    public static RunPlan Read(string folder) => Read(new LocalRunStore(folder));

    /// <summary>Reads a run's plan.</summary>
    /// <exception cref="PipelineException">There is none, or it is damaged.</exception>
    public static RunPlan Read(IRunStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return Find(store)
            ?? throw new PipelineException(ErrorCode.FileNotFound, $"'{store.Location}' holds no run: there is no {FileName}.");
    }

    /// <summary>A run's plan, or null where there is none.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.DamagedFile"/>.</exception>
    internal static RunPlan? Find(IRunStore store)
    {
        if (store.Read(FileName) is not { } content) return null;
        try
        {
            return JsonSerializer.Deserialize<RunPlan>(content, Json) ?? throw Damaged(store.Describe(FileName), null);
        }
        catch (JsonException fault)
        {
            throw Damaged(store.Describe(FileName), fault);
        }
    }

    /// <summary>The fingerprint of what determines a run's output.</summary>
    public static string ComputeFingerprint(
        string version, IEnumerable<PlanOption> options, IEnumerable<PlanInput> inputs, IReadOnlyDictionary<string, string> models)
    {
        var text = new StringBuilder().Append("version=").Append(version).Append('\n');
        foreach (var option in options) text.Append(option.Path).Append('=').Append(JsonSerializer.Serialize(option.Value)).Append('\n');
        foreach (var input in inputs) text.Append("input=").Append(input.Sha256).Append('\n');
        foreach (var (name, fingerprint) in models.OrderBy(model => model.Key, StringComparer.Ordinal))
            text.Append("model.").Append(name).Append('=').Append(fingerprint).Append('\n');
        return Hash(text.ToString());
    }

    /// <summary>Divides rows into shards, in order: a shard is full at a number of rows or before it would exceed a number of bytes.</summary>
    /// <param name="rowBytes">The bytes of each row.</param>
    /// <param name="shardRows">The most rows a shard, 1 or more.</param>
    /// <param name="shardBytes">The most bytes a shard, 1 or more; a single row may have more.</param>
    public static IReadOnlyList<PlanShard> Divide(IEnumerable<long> rowBytes, long shardRows, long shardBytes)
    {
        ArgumentNullException.ThrowIfNull(rowBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(shardRows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(shardBytes, 1);
        var shards = new List<PlanShard>();
        var open = new PlanShard("", 0, 0, 0);
        foreach (var bytes in rowBytes)
        {
            if (open.Rows == shardRows || (open.Rows > 0 && open.Bytes + bytes > shardBytes)) Close();
            open = open with { Rows = open.Rows + 1, Bytes = open.Bytes + bytes };
        }
        if (open.Rows > 0) Close();
        return shards;

        void Close()
        {
            shards.Add(open with { Name = $"part-{shards.Count:D5}" });
            open = new("", open.FirstRow + open.Rows, 0, 0);
        }
    }

    /// <summary>What changed since another plan, columns aside; null when this one may continue it.</summary>
    internal string? DifferenceFrom(RunPlan before)
    {
        if (Fingerprint != before.Fingerprint) return Changed(before);
        if (!Shards.SequenceEqual(before.Shards)) return $"its {before.Shards.Count} shards hold other rows than the {Shards.Count} "
            + "now (shardRows, shardBytes)";
        return IdColumn != before.IdColumn ? $"its id column was {before.IdColumn}, now {IdColumn}" : null;
    }

    private string Changed(RunPlan before)
    {
        if ((Changed(OptionValues(before), OptionValues(this)) ?? Changed(ModelValues(before), ModelValues(this))) is { } changed) return changed;
        if (!before.Inputs.Select(input => input.Sha256).SequenceEqual(Inputs.Select(input => input.Sha256))) return "the input files changed";
        return Version != before.Version ? $"it was made by version {before.Version}, this is {Version}" : "the order of its options "
            + "changed";
    }

    private static Dictionary<string, string> OptionValues(RunPlan plan) =>
        plan.Options.ToDictionary(option => option.Path, option => option.Value, StringComparer.Ordinal);

    private static Dictionary<string, string> ModelValues(RunPlan plan) =>
        plan.Models.ToDictionary(model => $"model {model.Key}", model => model.Value, StringComparer.Ordinal);

    private static string? Changed(Dictionary<string, string> before, Dictionary<string, string> now) =>
        now.Keys.Union(before.Keys).Where(name => before.GetValueOrDefault(name) != now.GetValueOrDefault(name))
            .Select(name => $"{name} was {before.GetValueOrDefault(name) ?? "not set"}, now {now.GetValueOrDefault(name) ?? "not set"}")
            .FirstOrDefault();

    /// <summary>Writes the plan unless there is one.</summary>
    internal bool TryWrite(IRunStore store) => store.TryCreate(FileName, JsonSerializer.SerializeToUtf8Bytes(this, Json));

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static PipelineException Damaged(string path, Exception? fault) => new(ErrorCode.DamagedFile, $"'{path}' is not a plan: "
        + $"{fault?.Message}", fault);
}

/// <summary>An option that counts.</summary>
/// <param name="Path">For example <c>stages.prune.ratio</c>.</param>
/// <param name="Value">Its canonical text.</param>
public sealed record PlanOption(string Path, string Value);

/// <summary>An input file.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its hash, lower-case hexadecimal.</param>
public sealed record PlanInput(string Path, long Bytes, string Sha256)
{
    /// <summary>Reads and hashes a file.</summary>
    public static PlanInput Of(string path)
    {
        using var stream = File.OpenRead(path);
        return new(System.IO.Path.GetFullPath(path), stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }
}

/// <summary>A shard's source rows.</summary>
/// <param name="Name">The file name without extension.</param>
/// <param name="FirstRow">The first source row.</param>
/// <param name="Rows">The number of source rows, unreadable ones included.</param>
/// <param name="Bytes">Their bytes in the input files; an estimate for Parquet, 0 where the source cannot tell.</param>
public sealed record PlanShard(string Name, long FirstRow, long Rows, long Bytes);

/// <summary>A column of the data shards.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type's text.</param>
public sealed record PlanColumn(string Name, string Type);
