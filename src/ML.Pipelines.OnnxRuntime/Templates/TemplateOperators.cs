namespace ML.Pipelines.OnnxRuntime.Templates;

/// <summary>Python's operators on templates' values.</summary>
internal static class TemplateOperators
{
    /// <summary><c>not</c>, <c>-</c> or <c>+</c>.</summary>
    /// <exception cref="TemplateException">The value is not a number.</exception>
    public static object Unary(string name, object? value, int at) => (name, value) switch
    {
        ("not", _) => !TemplateValues.IsTrue(value),
        ("-", long number) => -number,
        ("-", double number) => -number,
        ("+", long or double) => value,
        _ => throw new TemplateException($"'{name}' does not apply to {TemplateValues.KindOf(value)}.", at),
    };

    /// <summary>An operator between two values; not <c>and</c> and <c>or</c>.</summary>
    /// <exception cref="TemplateException">It does not apply to these kinds, or the text grows too long.</exception>
    public static object? Binary(string name, object? left, object? right, int at) => name switch
    {
        "==" => TemplateValues.AreEqual(left, right),
        "!=" => !TemplateValues.AreEqual(left, right),
        "in" => Contains(right, left, at),
        "not in" => !Contains(right, left, at),
        "~" => Bounded(TemplateValues.ToText(left), TemplateValues.ToText(right), at),
        "<" or ">" or "<=" or ">=" => Compare(name, left, right, at),
        _ => Calculate(name, left, right, at),
    };

    /// <summary>Whether a list has an item, a mapping a key, or a string a part.</summary>
    /// <exception cref="TemplateException">The container is none of these.</exception>
    public static bool Contains(object? container, object? item, int at) => (container, item) switch
    {
        (string text, string part) => text.Contains(part, StringComparison.Ordinal),
        (IReadOnlyDictionary<string, object?> entries, _) => item is string key && entries.ContainsKey(key),
        (IReadOnlyList<object?> items, _) => items.Any(candidate => TemplateValues.AreEqual(candidate, item)),
        (UndefinedValue, _) => false,
        _ => throw new TemplateException($"'in' does not apply to {TemplateValues.KindOf(item)} and {TemplateValues.KindOf(container)}.",
            at),
    };

    /// <summary>Two strings joined.</summary>
    /// <exception cref="TemplateException">The result is too long.</exception>
    public static string Bounded(string left, string right, int at) =>
        (long)left.Length + right.Length <= TemplateInterpreter.MaxText ? left + right
            : throw new TemplateException($"The text is longer than {TemplateInterpreter.MaxText} characters.", at);

    /// <summary>Less than, equal or greater, of two strings or two numbers; null for what has no order.</summary>
    public static int? Order(object? left, object? right) => (left, right) switch
    {
        (string a, string b) => string.CompareOrdinal(a, b),
        (bool or long or double, bool or long or double) => TemplateValues.Number(left).CompareTo(TemplateValues.Number(right)),
        _ => null,
    };

    private static bool Compare(string name, object? left, object? right, int at)
    {
        var order = Order(left, right) ?? throw Misfit(name, left, right, at);
        return name switch { "<" => order < 0, ">" => order > 0, "<=" => order <= 0, _ => order >= 0 };
    }

    private static object Calculate(string name, object? left, object? right, int at)
    {
        try
        {
            return (name, left, right) switch
            {
                ("+", string a, string b) => Bounded(a, b, at),
                ("+", IReadOnlyList<object?> a, IReadOnlyList<object?> b) => (List<object?>)[.. a, .. b],
                ("*", string text, long count) => Repeat(text, count, at),
                ("/", _, _) => Real(name, left, right, at),
                (_, bool or long, bool or long) => Whole(name, (long)TemplateValues.Number(left), (long)TemplateValues.Number(right), at),
                _ => Real(name, left, right, at),
            };
        }
        catch (Exception fault) when (fault is OverflowException or DivideByZeroException)
        {
            throw new TemplateException($"'{name}' has no result: {fault.Message}", at);
        }
    }

    private static string Repeat(string text, long count, int at) =>
        count <= 0 ? "" : checked(text.Length * count) <= TemplateInterpreter.MaxText
            ? string.Concat(Enumerable.Repeat(text, (int)Math.Min(count, int.MaxValue)))
            : throw new TemplateException($"The text is longer than {TemplateInterpreter.MaxText} characters.", at);

    private static long Whole(string name, long left, long right, int at) => name switch
    {
        "+" => checked(left + right),
        "-" => checked(left - right),
        "*" => checked(left * right),
        // Python rounds down where C# rounds towards zero.
        "//" => checked(left / right) - (left % right != 0 && left < 0 != right < 0 ? 1 : 0),
        "%" => left % right is var rest && rest != 0 && rest < 0 != right < 0 ? rest + right : left % right,
        "**" => checked((long)Math.Pow(left, right)),
        _ => throw Misfit(name, left, right, at),
    };

    private static double Real(string name, object? left, object? right, int at)
    {
        var (a, b) = (TemplateValues.Number(left), TemplateValues.Number(right));
        if (double.IsNaN(a) || double.IsNaN(b)) throw Misfit(name, left, right, at);
        if (b == 0 && (name is "/" or "//" or "%")) throw new DivideByZeroException();
        return name switch
        {
            "+" => a + b,
            "-" => a - b,
            "*" => a * b,
            "/" => a / b,
            "//" => Math.Floor(a / b),
            "%" => a - b * Math.Floor(a / b),
            "**" => Math.Pow(a, b),
            _ => throw Misfit(name, left, right, at),
        };
    }

    private static TemplateException Misfit(string name, object? left, object? right, int at) =>
        new($"'{name}' does not apply to {TemplateValues.KindOf(left)} and {TemplateValues.KindOf(right)}.", at);
}
