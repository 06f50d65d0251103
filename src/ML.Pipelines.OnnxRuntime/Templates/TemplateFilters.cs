using System.Globalization;

namespace ML.Pipelines.OnnxRuntime.Templates;

/// <summary>Jinja's filters that chat templates use; <c>tojson</c> is transformers' (<see cref="TemplateJson"/>).</summary>
internal static class TemplateFilters
{
    /// <summary>Applies a filter.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="arguments">The value, then the filter's arguments.</param>
    /// <exception cref="TemplateException">There is no such filter, or it does not apply to the value.</exception>
    public static object? Apply(string name, TemplateArguments arguments) => name switch
    {
        "trim" => Text(arguments).Trim(arguments.Get(1, "chars", null) is string characters ? characters.ToCharArray() : []),
        "upper" => Text(arguments).ToUpperInvariant(),
        "lower" => StringMethods.Lower(Text(arguments)),
        "title" => StringMethods.Title(Text(arguments)),
        "capitalize" => StringMethods.Capitalize(Text(arguments)),
        "replace" => StringMethods.Replace(Text(arguments), arguments, 1),
        "indent" => Indent(arguments),
        "string" => Text(arguments),
        "safe" => arguments.Positional[0],
        "tojson" => TemplateJson.Write(arguments),
        "length" or "count" => Length(arguments),
        "default" or "d" => Default(arguments),
        "int" => ToInteger(arguments),
        "float" => ToFloat(arguments),
        "abs" => TemplateValues.Number(arguments.Positional[0]) < 0 ? TemplateOperators.Unary("-", arguments.Positional[0], arguments.At)
            : arguments.Positional[0],
        _ => ApplyToItems(name, arguments),
    };

    private static object? ApplyToItems(string name, TemplateArguments arguments) => name switch
    {
        "join" => StringMethods.Join(arguments.Get(1, "d", "") as string ?? "", Mapped(arguments, Items(arguments)), arguments.At),
        "first" => Items(arguments) is [var first, ..] ? first : UndefinedValue.Instance,
        "last" => Items(arguments) is [.., var last] ? last : UndefinedValue.Instance,
        "list" => Items(arguments).ToList(),
        "items" => arguments.Positional[0] is IReadOnlyDictionary<string, object?> entries ? TemplateMembers.Pairs(entries)
            : arguments.Positional[0] is UndefinedValue ? new List<object?>() : throw Misfit(arguments),
        "dictsort" => arguments.Positional[0] is IReadOnlyDictionary<string, object?> entries
            ? TemplateMembers.Pairs(entries.OrderBy(entry => StringMethods.Lower(entry.Key), StringComparer.Ordinal).ToDictionary())
            : throw Misfit(arguments),
        "reverse" => arguments.Positional[0] is string text ? string.Concat(text.Reverse()) : Items(arguments).Reverse().ToList(),
        "sort" => Sort(arguments),
        "unique" => Unique(Items(arguments)),
        "sum" => Items(arguments).Aggregate((object?)0L, (sum, item) => TemplateOperators.Binary("+", sum, item, arguments.At)),
        "map" => Map(arguments),
        "select" => Select(arguments, wanted: true, byMember: false),
        "reject" => Select(arguments, wanted: false, byMember: false),
        "selectattr" => Select(arguments, wanted: true, byMember: true),
        "rejectattr" => Select(arguments, wanted: false, byMember: true),
        _ => throw new TemplateException($"The filter '{name}' is not supported.", arguments.At),
    };

    private static string Text(TemplateArguments arguments) => TemplateValues.ToText(arguments.Positional[0]);

    private static IReadOnlyList<object?> Items(TemplateArguments arguments) =>
        TemplateValues.Items(arguments.Positional[0]) ?? throw Misfit(arguments);

    private static long Length(TemplateArguments arguments) =>
        arguments.Positional[0] is string text ? text.EnumerateRunes().Count() : Items(arguments).Count;

    private static object? Default(TemplateArguments arguments)
    {
        var value = arguments.Positional[0];
        var isAbsent = TemplateValues.IsTrue(arguments.Get(2, "boolean", false)) ? !TemplateValues.IsTrue(value) : value is UndefinedValue;
        return isAbsent ? arguments.Get(1, "default_value", "") : value;
    }

    private static object? ToInteger(TemplateArguments arguments) => arguments.Positional[0] switch
    {
        long number => number,
        bool or double => (long)TemplateValues.Number(arguments.Positional[0]),
        string text when long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) => number,
        _ => arguments.Get(1, "default", 0L),
    };

    private static object? ToFloat(TemplateArguments arguments) => arguments.Positional[0] switch
    {
        bool or long or double => TemplateValues.Number(arguments.Positional[0]),
        string text when double.TryParse(text, CultureInfo.InvariantCulture, out var number) => number,
        _ => arguments.Get(1, "default", 0.0),
    };

    private static string Indent(TemplateArguments arguments)
    {
        var width = arguments.Get(1, "width", 4L) switch
        {
            string prefix => prefix,
            long count => new string(' ', (int)Math.Clamp(count, 0, 1000)),
            _ => throw Misfit(arguments),
        };
        var (first, blank) = (TemplateValues.IsTrue(arguments.Get(2, "first", false)),
            TemplateValues.IsTrue(arguments.Get(3, "blank", false)));
        var lines = Text(arguments).Split('\n');
        return StringMethods.Join("\n", lines.Select((line, i) =>
            (i > 0 || first) && (blank || line.Length > 0 || i == 0) ? width + line : line)
            .ToList<object?>(), arguments.At);
    }

    private static List<object?> Sort(TemplateArguments arguments)
    {
        var attribute = arguments.Get(3, "attribute", null) as string;
        var items = Items(arguments).Select(item => (Item: item,
            Key: Lowered(attribute is null ? item : TemplateMembers.Member(item, attribute))))
            .Order(Comparer<(object? Item, object? Key)>.Create((a, b) => TemplateOperators.Order(a.Key, b.Key) ?? throw Misfit(arguments)))
            .Select(pair => pair.Item);
        return TemplateValues.IsTrue(arguments.Get(1, "reverse", false)) ? [.. items.Reverse()] : [.. items];
    }

    // Jinja sorts without regard to case.
    private static object? Lowered(object? key) => key is string text ? StringMethods.Lower(text) : key;

    private static List<object?> Unique(IReadOnlyList<object?> items)
    {
        var result = new List<object?>();
        foreach (var item in items)
            if (!result.Exists(known => TemplateValues.AreEqual(Lowered(known), Lowered(item)))) result.Add(item);
        return result;
    }

    private static IReadOnlyList<object?> Mapped(TemplateArguments arguments, IReadOnlyList<object?> items) =>
        arguments.Get(2, "attribute", null) is string attribute ? [.. items.Select(item => TemplateMembers.Member(item, attribute))]
            : items;

    private static List<object?> Map(TemplateArguments arguments)
    {
        if (arguments.Named.GetValueOrDefault("attribute") is string attribute)
        {
            var ifAbsent = arguments.Get(int.MaxValue, "default", UndefinedValue.Instance);
            return [.. Items(arguments).Select(item => TemplateMembers.Member(item, attribute) is not UndefinedValue and var value
                ? value : ifAbsent)];
        }
        var (filter, rest) = (arguments.Text(1, "filter"), arguments.Positional.Skip(2).ToList());
        return [.. Items(arguments).Select(item => Apply(filter, arguments with { Positional = [item, .. rest] }))];
    }

    private static List<object?> Select(TemplateArguments arguments, bool wanted, bool byMember)
    {
        var first = byMember ? 2 : 1;
        var member = byMember ? arguments.Text(1, "attribute") : null;
        var test = arguments.Positional.Count > first ? arguments.Text(first, "test") : null;
        List<object?> rest = [.. arguments.Positional.Skip(first + 1)];
        return [.. Items(arguments).Where(item => Passes(member is null ? item : TemplateMembers.Member(item, member)) == wanted)];

        bool Passes(object? value) => test is null ? TemplateValues.IsTrue(value)
            : TemplatePredicates.Test(test, arguments with { Positional = [value, .. rest] });
    }

    private static TemplateException Misfit(TemplateArguments arguments) =>
        new($"The filter does not apply to {TemplateValues.KindOf(arguments.Positional[0])}.", arguments.At);
}
