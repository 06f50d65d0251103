using System.Buffers;
using System.Collections.Frozen;

namespace ML.Pipelines.Text;

/// <summary>Takes the unit off a scalar answer.</summary>
internal static class AnswerUnits
{
    private const int MaxWords = 4;

    private static readonly SearchValues<char> ExponentCharacters = SearchValues.Create("0123456789{}");

    private static readonly FrozenSet<string> OneLetterUnits =
        new[] { "m", "s", "g", "h", "l", "v", "w", "j", "n", "k", "c", "f", "d" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    // Words that change the value, or are part of it.
    private static readonly FrozenSet<string> NoUnits = new[]
    {
        "or", "and", "mod", "pi", "sin", "cos", "tan", "cot", "sec", "csc", "ln", "log", "exp", "sqrt", "to", "if", "not", "thousand",
        "million", "billion", "dozen", "when", "for", "where",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, string> Aliases = new Dictionary<string, string>
    {
        ["usd"] = "$",
        ["dollar"] = "$",
        ["euro"] = "€",
        ["eur"] = "€",
        ["pound"] = "£",
        ["gbp"] = "£",
        ["deg"] = "degree",
        ["hr"] = "hour",
        ["h"] = "hour",
        ["min"] = "minute",
        ["sec"] = "second",
        ["s"] = "second",
        ["centimeter"] = "cm",
        ["meter"] = "m",
        ["kilometer"] = "km",
        ["squnit"] = "squareunit",
    }.ToFrozenDictionary();

    /// <summary>The value and the unit; the unit is null where the answer has none.</summary>
    public static (string Value, string? Unit) Split(string normalized)
    {
        if (normalized.Length > 1 && normalized[0] is '$' or '£' or '€') return (normalized[1..].TrimStart(), normalized[..1]);
        bool isNegativeSum = normalized.Length > 2 && normalized[0] == '-' && normalized[1] is '$' or '£' or '€';
        if (isNegativeSum) return ("-" + normalized[2..], normalized[1..2]);
        int start = UnitStart(normalized);
        string value = normalized[..start].TrimEnd(), unit = normalized[start..].Trim();
        return IsUnit(unit, normalized, start) && value.Any(char.IsAsciiDigit) ? (value, Canonical(unit)) : (normalized, null);
    }

    private static int UnitStart(string text)
    {
        int start = ExponentStart(text);
        while (start > 0 && (char.IsLetter(text[start - 1]) || text[start - 1] is ' ' or '/' or '$' or '£' or '€')) start--;
        if (start == 0 || text[start - 1] != '\\') return start;
        if (text.AsSpan(start).StartsWith("degree", StringComparison.Ordinal)) return start - 1;
        while (start < text.Length && char.IsLetter(text[start])) start++;
        return start;
    }

    // 'cm^2' and 'cm^{2}'
    private static int ExponentStart(string text)
    {
        int caret = text.LastIndexOf('^');
        if (caret < 1 || !char.IsLetter(text[caret - 1]) || text.Length - caret > 4) return text.Length;
        return text.AsSpan(caret + 1).ContainsAnyExcept(ExponentCharacters) ? text.Length : caret;
    }

    private static bool IsUnit(string unit, string text, int start)
    {
        string[] words = unit.Split([' ', '/'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is 0 or > MaxWords || words.Any(NoUnits.Contains)) return false;
        if (unit.StartsWith('\\') || unit.Length > 1) return true;
        return !char.IsLetter(unit[0]) || (OneLetterUnits.Contains(unit) && CharacterRuns.IsAt(text, start, ' '));
    }

    private static string Canonical(string unit)
    {
        string plain = string.Concat(unit.ToLowerInvariant().Where(character => character is not (' ' or '\\' or '{' or '}')));
        string singular = plain.Length > 2 && plain.EndsWith('s') ? plain[..^1] : plain;
        return Aliases.GetValueOrDefault(singular, singular);
    }
}
