using System.Collections;
using System.Globalization;

namespace ML.Pipelines.OnnxRuntime.Templates;

/// <summary>What a name without a value has; it is false, prints nothing, and has no members.</summary>
internal sealed class UndefinedValue
{
    private UndefinedValue()
    {
    }

    public static UndefinedValue Instance { get; } = new();
}

/// <summary>What <c>namespace()</c> makes: the only value that a template can change.</summary>
internal sealed class NamespaceValue(IEnumerable<KeyValuePair<string, object?>> members)
{
    public Dictionary<string, object?> Members { get; } = new(members);
}

/// <summary>What can be called.</summary>
internal delegate object? TemplateFunction(TemplateArguments arguments);

/// <summary>The arguments of a call, a filter or a test; a filter's or test's first is what it is applied to.</summary>
internal sealed record TemplateArguments(IReadOnlyList<object?> Positional, IReadOnlyDictionary<string, object?> Named, int At)
{
    /// <summary>An argument by place or name.</summary>
    /// <exception cref="TemplateException">It is missing and has no default.</exception>
    public object? Get(int place, string name, object? ifAbsent) =>
        place < Positional.Count ? Positional[place] : Named.GetValueOrDefault(name, ifAbsent);

    /// <summary>A required argument.</summary>
    /// <exception cref="TemplateException">It is missing.</exception>
    public object? Require(int place, string name) =>
        place < Positional.Count || Named.ContainsKey(name) ? Get(place, name, null)
            : throw new TemplateException($"The argument '{name}' is missing.", At);

    /// <summary>A required string.</summary>
    /// <exception cref="TemplateException">It is missing or not a string.</exception>
    public string Text(int place, string name) => Require(place, name) as string
        ?? throw new TemplateException($"The argument '{name}' must be a string, and is {TemplateValues.KindOf(Require(place, name))}.",
            At);
}

/// <summary>Templates' values: null is none; else UndefinedValue, bool, long, double, string, list, dictionary, NamespaceValue or
/// TemplateFunction. No other .NET object is reachable.</summary>
internal static class TemplateValues
{
    /// <summary>What messages call a value.</summary>
    public static string KindOf(object? value) => value switch
    {
        null => "none",
        UndefinedValue => "undefined",
        bool => "a boolean",
        long => "an integer",
        double => "a float",
        string => "a string",
        IReadOnlyDictionary<string, object?> => "a mapping",
        IReadOnlyList<object?> => "a list",
        NamespaceValue => "a namespace",
        _ => "a function",
    };

    /// <summary>Python's truth: undefined, none, false, zero and what is empty are false.</summary>
    public static bool IsTrue(object? value) => value switch
    {
        null or UndefinedValue => false,
        bool truth => truth,
        long number => number != 0,
        double number => number != 0,
        string text => text.Length > 0,
        ICollection items => items.Count > 0,
        _ => true,
    };

    /// <summary>Python's ==.</summary>
    public static bool AreEqual(object? left, object? right) => (left, right) switch
    {
        (null, null) => true,
        (string a, string b) => a == b,
        (bool or long or double, bool or long or double) => Number(left) == Number(right),
        (IReadOnlyDictionary<string, object?> a, IReadOnlyDictionary<string, object?> b) =>
            a.Count == b.Count && a.All(entry => b.TryGetValue(entry.Key, out var value) && AreEqual(entry.Value, value)),
        (IReadOnlyList<object?> a, IReadOnlyList<object?> b) =>
            a.Count == b.Count && a.Zip(b).All(pair => AreEqual(pair.First, pair.Second)),
        _ => ReferenceEquals(left, right),
    };

    /// <summary>A boolean or number as a number; NaN for what is neither.</summary>
    public static double Number(object? value) => value switch
    {
        bool truth => truth ? 1 : 0,
        long number => number,
        double number => number,
        _ => double.NaN,
    };

    /// <summary>What Python's str() gives, which is what <c>{{ value }}</c> prints.</summary>
    public static string ToText(object? value) => value switch
    {
        string text => text,
        UndefinedValue => "",
        _ => ToLiteral(value),
    };

    /// <summary>The items that a for goes over, or null: a list's, a string's characters, a dictionary's keys.</summary>
    public static IReadOnlyList<object?>? Items(object? value) => value switch
    {
        IReadOnlyDictionary<string, object?> entries => [.. entries.Keys],
        IReadOnlyList<object?> items => items,
        string text => [.. text.EnumerateRunes().Select(rune => rune.ToString())],
        UndefinedValue => [],
        _ => null,
    };

    private static string ToLiteral(object? value) => value switch
    {
        null => "None",
        bool truth => truth ? "True" : "False",
        long number => number.ToString(CultureInfo.InvariantCulture),
        double number => FloatText(number),
        string text => Quote(text),
        IReadOnlyDictionary<string, object?> entries =>
            $"{{{string.Join(", ", entries.Select(entry => $"{Quote(entry.Key)}: {ToLiteral(entry.Value)}"))}}}",
        IReadOnlyList<object?> items => $"[{string.Join(", ", items.Select(ToLiteral))}]",
        UndefinedValue => "Undefined",
        _ => $"<{KindOf(value)}>",
    };

    /// <summary>A float as Python prints it: with a decimal point, and e-05 for small ones.</summary>
    public static string FloatText(double number)
    {
        if (!double.IsFinite(number)) return double.IsNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
        var size = Math.Abs(number);
        var text = number.ToString(size is >= 1e16 or < 1e-4 and > 0 ? "0.################e+00" : "R", CultureInfo.InvariantCulture);
        return text.AsSpan().IndexOfAny(".eE") >= 0 ? text : text + ".0";
    }

    private static string Quote(string text)
    {
        var quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? "\"" : "'";
        var inside = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)
            .Replace("\r", "\\r", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal);
        return quote + (quote == "'" ? inside.Replace("'", "\\'", StringComparison.Ordinal) : inside) + quote;
    }
}
