using System.Globalization;
using System.Text;

namespace ML.Pipelines.OnnxRuntime.Templates;

/// <summary>The filter <c>tojson</c> as transformers defines it: Python's json.dumps with ensure_ascii=False.</summary>
internal sealed class TemplateJson
{
    private readonly StringBuilder _text = new();
    private readonly int? _indent;
    private readonly bool _sorts;
    private readonly string _itemSeparator;
    private readonly string _keySeparator;
    private readonly int _at;

    private TemplateJson(TemplateArguments arguments)
    {
        _at = arguments.At;
        _indent = arguments.Get(1, "indent", null) is long indent ? (int)Math.Clamp(indent, 0, 16) : null;
        _sorts = TemplateValues.IsTrue(arguments.Get(4, "sort_keys", false));
        var separators = arguments.Get(3, "separators", null) as IReadOnlyList<object?>;
        (_itemSeparator, _keySeparator) = separators is [string items, string keys] ? (items, keys) : (_indent is null ? ", " : ",", ": ");
    }

    /// <summary>The first argument as JSON.</summary>
    /// <exception cref="TemplateException">It holds what JSON has no form for.</exception>
    public static string Write(TemplateArguments arguments)
    {
        var json = new TemplateJson(arguments);
        json.Write(arguments.Positional[0], 1);
        return json._text.ToString();
    }

    private void Write(object? value, int depth)
    {
        switch (value)
        {
            case null: _text.Append("null"); break;
            case bool truth: _text.Append(truth ? "true" : "false"); break;
            case long number: _text.Append(number); break;
            case double number: _text.Append(TemplateValues.FloatText(number)); break;
            case string text: WriteString(text); break;
            case IReadOnlyDictionary<string, object?> entries: WriteEntries(entries, depth); break;
            case IReadOnlyList<object?> items: WriteAll('[', ']', items, depth, item => Write(item, depth + 1)); break;
            default: throw new TemplateException($"{TemplateValues.KindOf(value)} has no JSON.", _at);
        }
    }

    private void WriteEntries(IReadOnlyDictionary<string, object?> entries, int depth) =>
        WriteAll<KeyValuePair<string, object?>>('{', '}',
            _sorts ? [.. entries.OrderBy(entry => entry.Key, StringComparer.Ordinal)] : [.. entries], depth, entry =>
        {
            WriteString(entry.Key);
            _text.Append(_keySeparator);
            Write(entry.Value, depth + 1);
        });

    private void WriteAll<T>(char open, char close, IReadOnlyList<T> items, int depth, Action<T> write)
    {
        _text.Append(open);
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0) _text.Append(_itemSeparator);
            NewLine(depth);
            write(items[i]);
        }
        if (items.Count > 0) NewLine(depth - 1);
        _text.Append(close);
    }

    private void NewLine(int depth)
    {
        if (_indent is { } indent) _text.Append('\n').Append(' ', indent * depth);
    }

    private void WriteString(string text)
    {
        _text.Append('"');
        foreach (var character in text)
        {
            var escape = "\"\\\n\r\t\b\f".IndexOf(character, StringComparison.Ordinal);
            if (escape >= 0) _text.Append('\\').Append("\"\\nrtbf"[escape]);
            else if (character < ' ') _text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            else _text.Append(character);
        }
        _text.Append('"');
    }
}
