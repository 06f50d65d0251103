using System.Text.Json;

namespace ML.Pipelines.OnnxRuntime.Tests.Templates;

/// <summary>JSON as templates' values.</summary>
internal static class TemplateTestValues
{
    public static object? Of(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => json.TryGetInt64(out var whole) ? whole : (object)json.GetDouble(),
        JsonValueKind.Array => json.EnumerateArray().Select(Of).ToList(),
        JsonValueKind.Object => json.EnumerateObject().ToDictionary(entry => entry.Name, entry => Of(entry.Value)),
        _ => null,
    };
}
