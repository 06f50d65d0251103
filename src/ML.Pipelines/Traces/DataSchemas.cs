using System.Text.Json;
using System.Text.Json.Serialization;

namespace ML.Pipelines.Traces;

/// <summary>The data schemas that the product knows: the files of <c>data-schemas/</c>, embedded in the assembly.</summary>
public static class DataSchemas
{
    private const string Folder = "data-schemas/";
    private static readonly Lazy<IReadOnlyDictionary<string, DataSchema>> ByName = new(Load);

    /// <summary>All schemas in ordinal order of their names.</summary>
    public static IReadOnlyList<DataSchema> All { get; } =
        [.. ByName.Value.Values.OrderBy(schema => schema.Name, StringComparer.Ordinal)];

    /// <summary>The schema with a name.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.UnknownSchema"/>: there is none.</exception>
    public static DataSchema Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return ByName.Value.GetValueOrDefault(name) ?? throw new PipelineException(ErrorCode.UnknownSchema,
            $"There is no data schema '{name}'. Known: {string.Join(", ", All.Select(schema => schema.Name))}.");
    }

    internal static DataSchema Parse(string name, Stream json) =>
        JsonSerializer.Deserialize(json, DataSchemaJson.Default.DataSchema)! with { Name = name };

    private static Dictionary<string, DataSchema> Load() =>
        typeof(DataSchemas).Assembly.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(Folder, StringComparison.Ordinal))
            .Select(Load)
            .ToDictionary(schema => schema.Name, StringComparer.Ordinal);

    private static DataSchema Load(string resource)
    {
        using var json = typeof(DataSchemas).Assembly.GetManifestResourceStream(resource)!;
        return Parse(resource[Folder.Length..^".json".Length], json);
    }
}

[JsonSerializable(typeof(DataSchema))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
internal sealed partial class DataSchemaJson : JsonSerializerContext;
