using System.Text.Json;
using System.Text.Json.Serialization;

namespace ML.Pipelines.Stages;

/// <summary>What stages learned from a data set, by stage: kept in a run's plan, so that it is learned once.</summary>
public sealed class FittedParameters
{
    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private readonly SortedDictionary<string, JsonElement> _values = new(StringComparer.Ordinal);

    /// <summary>All that is known.</summary>
    internal IReadOnlyDictionary<string, JsonElement> Values => _values;

    /// <summary>Whether what is learned now is kept; off while a chain is fitted to no rows to check its columns.</summary>
    internal bool Learning { get; set; }

    /// <summary>Takes what an earlier process learned.</summary>
    internal void Load(IReadOnlyDictionary<string, JsonElement> values)
    {
        foreach (var (stage, value) in values) _values[stage] = value;
    }

    /// <summary>What a stage learned before, or what it learns now.</summary>
    internal T GetOrLearn<T>(string stage, Func<T> learn)
    {
        if (_values.TryGetValue(stage, out var known)) return known.Deserialize<T>(Json)!;
        var learned = learn();
        if (Learning) _values[stage] = JsonSerializer.SerializeToElement(learned, Json);
        return learned;
    }
}
