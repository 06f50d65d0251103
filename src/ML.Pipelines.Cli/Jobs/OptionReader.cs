using System.Globalization;
using YamlDotNet.Core;

namespace ML.Pipelines.Cli.Jobs;

/// <summary>Reads the value of one option and says what is wrong with it.</summary>
internal sealed class OptionReader(JobErrors errors)
{
    /// <summary>The value, of the kind's C# type; null: it is wrong, and the errors say how.</summary>
    public object? Read(OptionDefinition option, string path, JobNode node)
    {
        if (node is CommandLineNode typed) return Interpret(option, path, typed) is { } value ? Read(option, path, value) : null;
        if (node is ScalarNode { IsNull: true })
            return Fail(node, path, $"no value is given. Give {Expected(option)}, or remove the line.");
        return option.Kind switch
        {
            OptionKind.TextList => TextList(option, path, node),
            OptionKind.TextMap => TextMap(option, path, node),
            _ => node is ScalarNode scalar ? Scalar(option, path, scalar) : WrongKind(option, path, node),
        };
    }

    // A text on the command line is taken as it is unless it is quoted, because a prompt may well look like a YAML map.
    private JobNode? Interpret(OptionDefinition option, string path, CommandLineNode node)
    {
        var (text, place) = (node.Text, node.Place);
        if (option.Kind == OptionKind.Text && !text.StartsWith('"') && !text.StartsWith('\'')) return new ScalarNode(place, text, false);
        if (option.Kind == OptionKind.TextList && !text.StartsWith('['))
            return new ListNode(place, [.. text.Split(',', StringSplitOptions.TrimEntries)
                .Select(part => new ScalarNode(place, part, false))]);
        try
        {
            return YamlTree.OfValue(text, place);
        }
        catch (YamlException)
        {
            return Fail(node, path, $"'{text}' is not valid YAML. Give {Expected(option)}.") as JobNode;
        }
    }

    private object? Scalar(OptionDefinition option, string path, ScalarNode node) => option.Kind switch
    {
        OptionKind.Text => Text(option, path, node),
        OptionKind.Choice => Choice(option, path, node),
        OptionKind.Boolean => Boolean(option, path, node),
        _ => Number(option, path, node),
    };

    private object? Text(OptionDefinition option, string path, ScalarNode node) =>
        option.Requirement != Requirement.Optional && node.Text.Length == 0
            ? Fail(node, path, $"no value is given. Give {Expected(option)}.")
            : Resolved(option, node);

    private static string Resolved(OptionDefinition option, ScalarNode node)
    {
        var text = node.Text;
        var isPath = option.IsPath && text.Length > 0 && !option.PathKeywords.Contains(text) && !text.Contains("://", StringComparison.Ordinal);
        return isPath && !RunStores.IsAddress(text) ? Path.Combine(node.Place.Folder, text) : text;
    }

    private object? Choice(OptionDefinition option, string path, ScalarNode node) => option.Choices.Contains(node.Text)
        ? node.Text
        : Fail(node, path, $"'{node.Text}' is not one of {string.Join(", ", option.Choices)}.");

    private object? Boolean(OptionDefinition option, string path, ScalarNode node) => (node.Plain, node.Text) switch
    {
        (true, "true" or "True" or "TRUE") => true,
        (true, "false" or "False" or "FALSE") => false,
        _ => WrongKind(option, path, node),
    };

    private object? Number(OptionDefinition option, string path, ScalarNode node)
    {
        var whole = option.Kind == OptionKind.Integer;
        var style = whole ? NumberStyles.AllowLeadingSign
            : NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!node.Plain || !double.TryParse(node.Text, style, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
            return WrongKind(option, path, node);
        if (number < option.Minimum || number > option.Maximum)
            return Fail(node, path, $"{node.Text} is not in {Of(option.Minimum)}..{Of(option.Maximum)}. Give {Expected(option)}.");
        // Zero has one form, so that -0 and 0 have the same fingerprint.
        return whole ? (object)(int)number : number + 0.0;
    }

    private object? TextList(OptionDefinition option, string path, JobNode node)
    {
        if (node is not (ListNode or ScalarNode)) return WrongKind(option, path, node);
        var items = node is ListNode list ? list.Items : [node];
        if (option.Requirement != Requirement.Optional && items.Count == 0)
            return Fail(node, path, "the list is empty. Give at least one.");
        if (items.FirstOrDefault(item => item is not ScalarNode { IsNull: false, Text.Length: > 0 }) is { } wrong)
            return Fail(wrong, path, wrong is ScalarNode
                ? "an entry is empty. Give a text, or remove it." : $"{wrong.Kind} is not a text. Give {Expected(option)}.");
        return items.Cast<ScalarNode>().Select(item => Resolved(option, item)).ToArray();
    }

    private object? TextMap(OptionDefinition option, string path, JobNode node)
    {
        if (node is not MapNode map) return WrongKind(option, path, node);
        if (option.Requirement != Requirement.Optional && map.Entries.Count == 0) return Fail(node, path, "the map is empty. Give at least one.");
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in map.Distinct(path, errors))
        {
            if (option.Choices.Count > 0 && !option.Choices.Contains(key.Text))
                Fail(key, $"{path}.{key.Text}", $"there is no such name. {Spelling.Suggest(key.Text, option.Choices)}");
            else if (value is ScalarNode text) texts[key.Text] = text.IsNull ? "" : text.Text;
            else Fail(value, $"{path}.{key.Text}", $"{value.Kind} is not a text. Give a text.");
        }
        return texts;
    }

    private object? WrongKind(OptionDefinition option, string path, JobNode node)
    {
        var given = node is ScalarNode scalar ? $"'{scalar.Text}'" : node.Kind;
        return Fail(node, path, $"{given} is not {Noun(option.Kind)}. Give {Expected(option)}.");
    }

    private object? Fail(JobNode node, string path, string message)
    {
        errors.Add(node.Place, path, message);
        return null;
    }

    private static string Noun(OptionKind kind) => kind switch
    {
        OptionKind.Integer => "a whole number",
        OptionKind.Number => "a number",
        OptionKind.Boolean => "a truth value",
        OptionKind.TextList => "a list of texts",
        OptionKind.TextMap => "a map of texts",
        _ => "a text",
    };

    private static string Expected(OptionDefinition option) => option.Kind switch
    {
        OptionKind.Boolean => "true or false",
        OptionKind.Choice => $"one of {string.Join(", ", option.Choices)}",
        OptionKind.Integer or OptionKind.Number => $"{Noun(option.Kind)} from {Of(option.Minimum)} to {Of(option.Maximum)}",
        _ => Noun(option.Kind),
    };

    private static string Of(double number) => number.ToString(CultureInfo.InvariantCulture);
}
