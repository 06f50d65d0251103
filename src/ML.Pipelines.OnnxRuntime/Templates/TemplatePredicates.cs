namespace ML.Pipelines.OnnxRuntime.Templates;

/// <summary>Jinja's tests, which stand behind <c>is</c>.</summary>
internal static class TemplatePredicates
{
    /// <summary>Whether a value passes a test.</summary>
    /// <param name="name">The test's name.</param>
    /// <param name="arguments">The value, then the test's arguments.</param>
    /// <exception cref="TemplateException">There is no such test, or an argument is missing.</exception>
    public static bool Test(string name, TemplateArguments arguments)
    {
        var value = arguments.Positional[0];
        return name switch
        {
            "defined" => value is not UndefinedValue,
            "undefined" => value is UndefinedValue,
            "none" => value is null,
            "string" => value is string,
            "number" => value is long or double or bool,
            "integer" => value is long,
            "float" => value is double,
            "boolean" => value is bool,
            "true" => value is true,
            "false" => value is false,
            "mapping" => value is IReadOnlyDictionary<string, object?>,
            "sequence" or "iterable" => TemplateValues.Items(value) is not null && value is not UndefinedValue,
            "callable" => value is TemplateFunction,
            "odd" => TemplateValues.Number(value) % 2 != 0,
            "even" => TemplateValues.Number(value) % 2 == 0,
            "lower" => value is string text && !text.Any(char.IsUpper),
            "upper" => value is string text && !text.Any(char.IsLower),
            "divisibleby" => TemplateValues.Number(value) % TemplateValues.Number(arguments.Require(1, "num")) == 0,
            "in" => TemplateOperators.Contains(arguments.Require(1, "seq"), value, arguments.At),
            _ => Compare(name, value, arguments),
        };
    }

    private static bool Compare(string name, object? value, TemplateArguments arguments)
    {
        var symbol = name switch
        {
            "equalto" or "eq" or "==" or "sameas" => "==",
            "ne" or "!=" => "!=",
            "lt" or "lessthan" or "<" => "<",
            "le" or "<=" => "<=",
            "gt" or "greaterthan" or ">" => ">",
            "ge" or ">=" => ">=",
            _ => throw new TemplateException($"The test '{name}' is not supported.", arguments.At),
        };
        return TemplateOperators.Binary(symbol, value, arguments.Require(1, "other"), arguments.At) is true;
    }
}
