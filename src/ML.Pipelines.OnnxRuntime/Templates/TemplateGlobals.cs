using System.Globalization;

namespace ML.Pipelines.OnnxRuntime.Templates;

/// <summary>The functions that templates find there: those of Jinja and of transformers.</summary>
internal static class TemplateGlobals
{
    private const int MaxRange = 100_000;

    /// <summary>Adds them to a scope.</summary>
    public static void AddTo(TemplateScope scope)
    {
        scope["range"] = (TemplateFunction)Range;
        scope["namespace"] = (TemplateFunction)(arguments => new NamespaceValue(Entries(arguments)));
        scope["dict"] = (TemplateFunction)(arguments => new Dictionary<string, object?>(Entries(arguments)));
        scope["raise_exception"] = (TemplateFunction)(arguments =>
            throw new TemplateException("The template says: " + TemplateValues.ToText(arguments.Require(0, "message")), arguments.At));
    }

    /// <summary>transformers' <c>strftime_now</c>, on a fixed day.</summary>
    public static TemplateFunction FormatDate(DateOnly day) => arguments =>
    {
        var format = arguments.Text(0, "format");
        var text = new System.Text.StringBuilder();
        for (var i = 0; i < format.Length; i++)
            text.Append(format[i] == '%' && i + 1 < format.Length ? DatePart(day, format[++i], arguments.At) : format[i].ToString());
        return text.ToString();
    };

    private static string DatePart(DateOnly day, char code, int at)
    {
        var format = code switch
        {
            'Y' => "yyyy",
            'y' => "yy",
            'm' => "MM",
            'd' => "dd",
            'B' => "MMMM",
            'b' => "MMM",
            'A' => "dddd",
            'a' => "ddd",
            'H' or 'M' or 'S' => null,
            '%' => "'%'",
            _ => throw new TemplateException($"The date format %{code} is not supported.", at),
        };
        return format is null ? "00" : day.ToString(format, CultureInfo.InvariantCulture);
    }

    private static IEnumerable<KeyValuePair<string, object?>> Entries(TemplateArguments arguments) =>
        arguments.Positional is [IReadOnlyDictionary<string, object?> entries, ..] ? entries.Concat(arguments.Named) : arguments.Named;

    private static List<object?> Range(TemplateArguments arguments)
    {
        var bounds = arguments.Positional.Select(bound => bound as long?
            ?? throw new TemplateException($"range() takes integers, not {TemplateValues.KindOf(bound)}.", arguments.At)).ToList();
        var (start, stop, step) = bounds switch
        {
            [var end] => (0L, end, 1L),
            [var first, var end] => (first, end, 1L),
            [var first, var end, not 0 and var by] => (first, end, by),
            _ => throw new TemplateException("range() takes one to three integers, the third not 0.", arguments.At),
        };
        var items = new List<object?>();
        for (var i = start; step > 0 ? i < stop : i > stop; i += step)
        {
            if (items.Count == MaxRange) throw new TemplateException($"range() makes more than {MaxRange} items.", arguments.At);
            items.Add(i);
        }
        return items;
    }
}
