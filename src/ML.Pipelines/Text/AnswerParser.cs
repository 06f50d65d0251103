using System.Text.RegularExpressions;

namespace ML.Pipelines.Text;

/// <summary>Reads an answer into the form that compares.</summary>
internal static partial class AnswerParser
{
    private const int MaxDepth = 12;

    /// <summary>The form of a normalised answer.</summary>
    public static AnswerForm Parse(string normalized, int depth = 0)
    {
        string key = AnswerText.Key(normalized);
        if (depth > MaxDepth) return new AnswerForm { Key = key };
        string text = AnswerText.WithoutThousandsSeparators(normalized);
        return PlusMinus(text, key, depth) ?? Named(text, key, depth) ?? ListOf(text, key, depth)
            ?? Bracketed(text, key, depth) ?? Scalar(text, key);
    }

    private static AnswerForm? PlusMinus(string text, string key, int depth)
    {
        int sign = text.IndexOf(@"\pm", StringComparison.Ordinal);
        if (sign < 0 || text.IndexOf(@"\pm", sign + 1, StringComparison.Ordinal) >= 0) return null;
        (string before, string after) = (text[..sign], text[(sign + 3)..]);
        return Elements(AnswerForm.List, [before + "+" + after, before + "-" + after], key, depth);
    }

    private static AnswerForm? Named(string text, string key, int depth)
    {
        Match match = NameBeforeValue().Match(text);
        if (!match.Success || match.Groups["value"].Value.Contains('=', StringComparison.Ordinal)) return null;
        return Parse(match.Groups["value"].Value, depth + 1) with { Name = AnswerText.Key(match.Groups["name"].Value), Key = key };
    }

    private static AnswerForm? ListOf(string text, string key, int depth)
    {
        List<string> union = TopLevelParts.Split(text, @"\cup");
        if (union.Count > 1) return Elements(AnswerForm.Union, union, key, depth);
        List<string> parts = TopLevelParts.Split(ListWord().Replace(text, ", "), ",", ";");
        return parts.Count > 1 ? Elements(AnswerForm.List, parts, key, depth) : null;
    }

    private static AnswerForm? Bracketed(string text, string key, int depth)
    {
        if (TopLevelParts.Brackets(text) is not { } brackets) return null;
        string inside = brackets.Inside;
        // '(100,200)' is a pair; in '(1,000, 2,000)' the spaces tell the separators.
        if (inside.Contains(", ", StringComparison.Ordinal)) inside = AnswerText.WithoutThousandsSeparators(inside);
        List<string> parts = TopLevelParts.Split(inside, ",", ";");
        if (brackets.Kind == AnswerForm.Set && inside.Trim().Length == 0) parts = [];
        return parts.Count > 1 || brackets.Kind == AnswerForm.Set ? Elements(brackets.Kind, parts, key, depth) : null;
    }

    private static AnswerForm Elements(string brackets, List<string> parts, string key, int depth) =>
        new() { Key = key, Brackets = brackets, Elements = [.. parts.Select(part => Parse(part.Trim(), depth + 1))] };

    private static AnswerForm Scalar(string text, string key)
    {
        Match choice = Choice().Match(text);
        if (choice.Success) return new AnswerForm { Key = choice.Groups["letter"].Value.ToLowerInvariant() };
        Match percent = Percent().Match(text);
        if (percent.Success && AnswerExpressionParser.Parse(percent.Groups["value"].Value) is { } share)
            return new AnswerForm { Key = key, Expression = share, IsPercent = true };
        (string value, string? unit) = AnswerUnits.Split(text);
        if (unit is not null && AnswerExpressionParser.Parse(value) is { } measure)
            return new AnswerForm { Key = key, Expression = measure, Unit = unit };
        return new AnswerForm { Key = key, Expression = AnswerExpressionParser.Parse(text) };
    }

    [GeneratedRegex(@"^(?<name>\\?[A-Za-z][\w\\{}' ,()]{0,23}|\([\w\\{}', ]{1,23}\)) ?(?:=|\\in(?![a-z])) ?(?<value>.+)$",
        RegexOptions.CultureInvariant)]
    private static partial Regex NameBeforeValue();

    [GeneratedRegex(@",? (?:or|and) ", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex ListWord();

    [GeneratedRegex(@"^\(?(?<letter>[A-Za-z])[.):]?$", RegexOptions.CultureInvariant)]
    private static partial Regex Choice();

    [GeneratedRegex(@"^(?<value>[^%]+?) ?(?:%|percent|per cent)$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Percent();
}
