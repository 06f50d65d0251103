using System.Text.Json;
using System.Text.Json.Serialization;

namespace ML.Pipelines.Cli.Evaluation;

/// <summary>A row and where it stands.</summary>
/// <param name="Row">The row.</param>
/// <param name="Place">File, line and id, for messages.</param>
internal readonly record struct Located<T>(T Row, string Place);

/// <summary>Reads the JSON Lines files that a model is evaluated on. Fields that no figure needs are ignored.</summary>
internal static class EvaluationFile
{
    private const string MissingMark = "including: ";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>All rows; blank lines are skipped.</summary>
    /// <exception cref="PipelineException">With <see cref="ErrorCode.FileNotFound"/>, <see cref="ErrorCode.InvalidJson"/>,
    /// <see cref="ErrorCode.TypeMismatch"/> or <see cref="ErrorCode.DuplicateId"/>, naming file and line.</exception>
    public static IReadOnlyList<Located<T>> Read<T>(string path)
        where T : IEvaluationRow
    {
        var rows = new List<Located<T>>();
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (index, line) in Lines(path).Index())
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            var place = $"{path}:{index + 1}";
            var row = Parse<T>(line, place);
            if (!ids.TryAdd(row.Id, place))
                throw new PipelineException(ErrorCode.DuplicateId, $"{place}: the id '{row.Id}' is that of {ids[row.Id]}, too.");
            rows.Add(new(row, $"{place} (id '{row.Id}')"));
        }
        return rows.Count > 0 ? rows : throw new PipelineException(ErrorCode.DamagedFile, $"{path} has no rows.");
    }

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new PipelineException(ErrorCode.FileNotFound,
                $"{path} cannot be read: {fault.Message} Check the path, or choose other figures with --only.", fault);
        }
    }

    private static T Parse<T>(string line, string place)
        where T : IEvaluationRow
    {
        try
        {
            var row = JsonSerializer.Deserialize<T>(line, Json)
                ?? throw new PipelineException(ErrorCode.InvalidJson, $"{place}: not a JSON object.");
            return row.Fault is not { } wrong ? row
                : throw new PipelineException(ErrorCode.TypeMismatch, $"{place} (id '{row.Id}'): {wrong}. Correct the row or take it out.");
        }
        catch (JsonException fault)
        {
            var (code, what) = Explain(fault);
            throw new PipelineException(code, $"{place}: {what} Correct the row or take it out.", fault);
        }
    }

    // The library's messages name .NET types, which the writer of a file does not know.
    private static (string Code, string What) Explain(JsonException fault)
    {
        var missing = fault.Message.IndexOf(MissingMark, StringComparison.Ordinal);
        if (missing >= 0) return (ErrorCode.MissingColumn, $"lacks {fault.Message[(missing + MissingMark.Length)..]}");
        return fault.InnerException is JsonException syntax
            ? (ErrorCode.InvalidJson, $"not JSON: {syntax.Message}")
            : (ErrorCode.TypeMismatch, $"{fault.Path} has a value of another type or kind than expected.");
    }
}
