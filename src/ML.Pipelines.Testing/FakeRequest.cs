using System.Text.Json;

namespace ML.Pipelines.Testing;

/// <summary>A request that a <see cref="FakeTeacherServer"/> got.</summary>
/// <param name="Path">The path after the server's address: <c>chat/completions</c> or <c>completions</c>.</param>
/// <param name="Row">What tells rows apart: the text of the last message of the user, or the prompt as JSON.</param>
/// <param name="Attempt">How many requests of this row there were with this one, from 1.</param>
/// <param name="Body">The body as it came.</param>
public sealed record FakeRequest(string Path, string Row, int Attempt, JsonElement Body)
{
    /// <summary>The query with its question mark; empty where there is none.</summary>
    public string Query { get; init; } = "";

    /// <summary>A number of the body, or null.</summary>
    public double? Number(string name) => Body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
        ? value.GetDouble() : null;
}
