using System.Globalization;
using System.Text.Json;

namespace ML.Pipelines.Teachers;

/// <summary>
/// Checks a value against the keywords of JSON Schema that schemas for replies are made of: type, enum, const, required, properties,
/// items, minItems, maxItems, minimum, maximum, anyOf. Other keywords are left to the server. Properties too many are no fault.
/// </summary>
internal static class JsonShape
{
    /// <summary>What is wrong with a value, naming the place; null where nothing is.</summary>
    public static string? Fault(JsonElement value, JsonElement schema, string place = "$")
    {
        if (schema.ValueKind != JsonValueKind.Object) return null;
        return TypeFault(value, schema, place) ?? ChoiceFault(value, schema, place) ?? value.ValueKind switch
        {
            JsonValueKind.Object => ObjectFault(value, schema, place),
            JsonValueKind.Array => ArrayFault(value, schema, place),
            JsonValueKind.Number => RangeFault(value, schema, place),
            _ => null,
        };
    }

    private static string? TypeFault(JsonElement value, JsonElement schema, string place)
    {
        if (!schema.TryGetProperty("type", out var type)) return null;
        string[] names = type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(name => name.GetString()!)]
            : [type.GetString()!];
        return names.Any(name => IsOf(value, name)) ? null
            : $"{place} must be of type {string.Join(" or ", names)}, and is {Describe(value)}.";
    }

    private static bool IsOf(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) && decimal.IsInteger(number),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => true,
    };

    private static string? ChoiceFault(JsonElement value, JsonElement schema, string place)
    {
        if (schema.TryGetProperty("const", out var only) && !JsonElement.DeepEquals(value, only))
            return $"{place} must be {only.GetRawText()}.";
        if (schema.TryGetProperty("enum", out var choices)
            && !choices.EnumerateArray().Any(choice => JsonElement.DeepEquals(value, choice)))
            return $"{place} must be one of {choices.GetRawText()}, and is {Describe(value)}.";
        if (schema.TryGetProperty("anyOf", out var any) && any.EnumerateArray().All(choice => Fault(value, choice, place) is not null))
            return $"{place} is none of the forms allowed.";
        return null;
    }

    private static string? ObjectFault(JsonElement value, JsonElement schema, string place)
    {
        if (schema.TryGetProperty("required", out var required))
        {
            foreach (var name in required.EnumerateArray())
                if (!value.TryGetProperty(name.GetString()!, out _)) return $"{place} lacks the property '{name.GetString()}'.";
        }
        if (!schema.TryGetProperty("properties", out var properties)) return null;
        return properties.EnumerateObject()
            .Select(property => value.TryGetProperty(property.Name, out var part)
                ? Fault(part, property.Value, $"{place}.{property.Name}") : null)
            .FirstOrDefault(fault => fault is not null);
    }

    private static string? ArrayFault(JsonElement value, JsonElement schema, string place)
    {
        var length = value.GetArrayLength();
        if (Bound(schema, "minItems") is { } least && length < least) return $"{place} has {length} items, fewer than {Number(least)}.";
        if (Bound(schema, "maxItems") is { } most && length > most) return $"{place} has {length} items, more than {Number(most)}.";
        if (!schema.TryGetProperty("items", out var items)) return null;
        return value.EnumerateArray().Select((item, i) => Fault(item, items, string.Create(CultureInfo.InvariantCulture, $"{place}[{i}]")))
            .FirstOrDefault(fault => fault is not null);
    }

    private static string? RangeFault(JsonElement value, JsonElement schema, string place)
    {
        var number = value.GetDouble();
        if (Bound(schema, "minimum") is { } least && number < least) return $"{place} must be at least {Number(least)}.";
        if (Bound(schema, "maximum") is { } most && number > most) return $"{place} must be at most {Number(most)}.";
        return null;
    }

    private static double? Bound(JsonElement schema, string keyword) => schema.TryGetProperty(keyword, out var bound)
        ? bound.GetDouble() : null;

    private static string Number(double number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Describe(JsonElement value)
    {
        const int Shown = 40;
        var text = value.GetRawText();
        return text.Length <= Shown ? text : text[..Shown] + "…";
    }
}
