using System.Buffers;
using System.Globalization;
using System.Text;

namespace ML.Pipelines.OnnxRuntime.Templates;

/// <summary>Python's methods of strings.</summary>
internal static class StringMethods
{
    private static readonly SearchValues<char> Blanks = SearchValues.Create(" \t\n\r\v\f");

    /// <summary>A method by its name, or null.</summary>
    public static TemplateFunction? Find(string text, string name) => name switch
    {
        "strip" => arguments => text.Trim(Characters(arguments)),
        "lstrip" => arguments => text.TrimStart(Characters(arguments)),
        "rstrip" => arguments => text.TrimEnd(Characters(arguments)),
        "startswith" => arguments => Any(arguments, text.StartsWith),
        "endswith" => arguments => Any(arguments, text.EndsWith),
        "removeprefix" => arguments => arguments.Text(0, "prefix") is var prefix && text.StartsWith(prefix, StringComparison.Ordinal)
            ? text[prefix.Length..] : text,
        "removesuffix" => arguments => arguments.Text(0, "suffix") is var suffix && text.EndsWith(suffix, StringComparison.Ordinal)
            ? text[..^suffix.Length] : text,
        "split" => arguments => Split(text, arguments),
        "rsplit" => arguments => SplitFromEnd(text, arguments),
        "splitlines" => _ => SplitLines(text),
        "upper" => _ => text.ToUpperInvariant(),
        "lower" => _ => Lower(text),
        "title" => _ => Title(text),
        "capitalize" => _ => Capitalize(text),
        "replace" => arguments => Replace(text, arguments, 0),
        "join" => arguments => Join(text, arguments.Require(0, "items"), arguments.At),
        "find" => arguments => (long)text.IndexOf(arguments.Text(0, "part"), StringComparison.Ordinal),
        "rfind" => arguments => (long)text.LastIndexOf(arguments.Text(0, "part"), StringComparison.Ordinal),
        "count" => arguments => (long)text.Split(arguments.Text(0, "part")).Length - 1,
        "isdigit" => _ => text.Length > 0 && text.All(char.IsDigit),
        "isspace" => _ => text.Length > 0 && text.All(char.IsWhiteSpace),
        "isalpha" => _ => text.Length > 0 && text.All(char.IsLetter),
        _ => null,
    };

    /// <summary>The text in lower case.</summary>
    public static string Lower(string text) => CultureInfo.InvariantCulture.TextInfo.ToLower(text);

    /// <summary>The first letter in upper case, the others in lower case.</summary>
    public static string Capitalize(string text) => text.Length == 0 ? "" : char.ToUpperInvariant(text[0]) + Lower(text[1..]);

    /// <summary>Each word's first letter in upper case, the others in lower case.</summary>
    public static string Title(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
            result.Append(i > 0 && char.IsLetter(text[i - 1]) ? char.ToLowerInvariant(text[i]) : char.ToUpperInvariant(text[i]));
        return result.ToString();
    }

    /// <summary>Replaces a part of the text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="arguments">What is replaced, by what, and at most how often.</param>
    /// <param name="first">The place of the first of these.</param>
    /// <exception cref="TemplateException">An argument is missing, or the result is too long.</exception>
    public static string Replace(string text, TemplateArguments arguments, int first)
    {
        var (old, by) = (arguments.Text(first, "old"), arguments.Text(first + 1, "new"));
        if (old.Length == 0) throw new TemplateException("The text to replace is empty.", arguments.At);
        var most = arguments.Get(first + 2, "count", null) is long count && count >= 0 ? (int)Math.Min(count, int.MaxValue - 1)
            : int.MaxValue - 1;
        return Join(by, text.Split(old, most + 1), arguments.At);
    }

    /// <summary>Items with a separator between.</summary>
    /// <exception cref="TemplateException">They are no items, or the result is too long.</exception>
    public static string Join(string separator, object? items, int at)
    {
        var list = TemplateValues.Items(items) ?? throw new TemplateException($"{TemplateValues.KindOf(items)} has no items to join.", at);
        var texts = list.Select(TemplateValues.ToText).ToList();
        var length = texts.Sum(text => (long)text.Length) + (long)separator.Length * Math.Max(0, texts.Count - 1);
        return length <= TemplateInterpreter.MaxText ? string.Join(separator, texts)
            : throw new TemplateException($"The text is longer than {TemplateInterpreter.MaxText} characters.", at);
    }

    private static bool Any(TemplateArguments arguments, Func<string, StringComparison, bool> test) =>
        arguments.Require(0, "prefix") is IReadOnlyList<object?> all
            ? all.OfType<string>().Any(text => test(text, StringComparison.Ordinal))
            : test(arguments.Text(0, "prefix"), StringComparison.Ordinal);

    // No characters is white space for Trim, as none is in Python.
    private static char[] Characters(TemplateArguments arguments) =>
        arguments.Get(0, "chars", null) is string characters ? characters.ToCharArray() : [];

    private static int Most(TemplateArguments arguments) =>
        arguments.Get(1, "maxsplit", null) is long most && most >= 0 ? (int)Math.Min(most, int.MaxValue - 1) + 1 : int.MaxValue;

    private static List<object?> Split(string text, TemplateArguments arguments)
    {
        if (arguments.Get(0, "sep", null) is string separator)
            return separator.Length > 0 ? [.. text.Split(separator, Most(arguments))]
                : throw new TemplateException("The separator is empty.", arguments.At);
        return SplitWords(text, Most(arguments));
    }

    private static List<object?> SplitWords(string text, int most)
    {
        var words = new List<object?>();
        for (var rest = text.TrimStart(); rest.Length > 0;)
        {
            var end = words.Count + 1 == most ? -1 : rest.AsSpan().IndexOfAny(Blanks);
            words.Add(end < 0 ? words.Count + 1 == most ? rest : rest.TrimEnd() : rest[..end]);
            rest = end < 0 ? "" : rest[end..].TrimStart();
        }
        return words;
    }

    private static List<object?> SplitFromEnd(string text, TemplateArguments arguments)
    {
        var separator = arguments.Text(0, "sep");
        if (separator.Length == 0) throw new TemplateException("The separator is empty.", arguments.At);
        var parts = new List<object?>();
        while (parts.Count + 1 < Most(arguments) && text.LastIndexOf(separator, StringComparison.Ordinal) is >= 0 and var end)
        {
            parts.Insert(0, text[(end + separator.Length)..]);
            text = text[..end];
        }
        parts.Insert(0, text);
        return parts;
    }

    private static List<object?> SplitLines(string text)
    {
        List<object?> lines = [.. text.ReplaceLineEndings("\n").Split('\n')];
        if (lines[^1] is "") lines.RemoveAt(lines.Count - 1);
        return lines;
    }
}
