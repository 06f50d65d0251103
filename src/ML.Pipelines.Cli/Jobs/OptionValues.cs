using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ML.Pipelines.Cli.Jobs;

/// <summary>The options of a section, model or stage: those given, and the defaults of the others. Immutable.</summary>
public class OptionValues
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly SectionDefinition _section;
    private readonly string _path;
    private readonly IReadOnlyDictionary<string, object> _given;

    internal OptionValues(SectionDefinition section, string path, IReadOnlyDictionary<string, object> given) =>
        (_section, _path, _given) = (section, path, given);

    /// <summary>The options that were given, by name.</summary>
    internal IReadOnlyDictionary<string, object> Given => _given;

    /// <summary>Whether an option was given another value than its default.</summary>
    internal bool IsChanged(string name) =>
        _section.Find(name) is { } option && CanonicalText(ValueOf(option)) != CanonicalText(option.Default);

    /// <summary>The names of all options.</summary>
    internal IEnumerable<string> Names => _section.Options.Select(option => option.Name);

    /// <summary>The options that were given, with paths in full.</summary>
    internal IEnumerable<KeyValuePair<string, object>> Portable => _given.OrderBy(option => option.Key, StringComparer.Ordinal)
        .Select(option => KeyValuePair.Create(option.Key, _section.Find(option.Key)! is { IsPath: true } definition
            ? Full(definition, option.Value) : option.Value));

    private static object Full(OptionDefinition option, object value)
    {
        string FullPath(string path) => path.Length == 0 || option.PathKeywords.Contains(path) || path.Contains("://", StringComparison.Ordinal) ? path : Path.GetFullPath(path);
        return value is IReadOnlyList<string> paths ? paths.Select(FullPath).ToArray() : FullPath((string)value);
    }

    /// <summary>The value of a text option; empty where there is none.</summary>
    public string Text(string name) => Value<string>(name, OptionKind.Text);

    /// <summary>The value of a text option; null where there is none.</summary>
    public string? TextOrNull(string name) => Text(name) is { Length: > 0 } text ? text : null;

    /// <summary>The value of an integer option that counts from 1; null where it is 0.</summary>
    public int? IntegerOrNull(string name) => Integer(name) is > 0 and var value ? value : null;

    /// <summary>The value of an integer option.</summary>
    [SuppressMessage("Naming", "CA1720", Justification = "The kind of value is what it names.")]
    public int Integer(string name) => Value<int>(name, OptionKind.Integer);

    /// <summary>The value of a number option.</summary>
    public double Number(string name) => Value<double>(name, OptionKind.Number);

    /// <summary>The value of a boolean option.</summary>
    public bool Boolean(string name) => Value<bool>(name, OptionKind.Boolean);

    /// <summary>The value of a choice option, as it is written.</summary>
    public string Choice(string name) => Value<string>(name, OptionKind.Choice);

    /// <summary>The value of a choice option.</summary>
    /// <typeparam name="TEnum">The enumeration behind the choice.</typeparam>
    public TEnum Choice<TEnum>(string name) where TEnum : struct, Enum => ChoiceNames.Parse<TEnum>(Choice(name));

    /// <summary>The texts of a list option; empty where there are none.</summary>
    public IReadOnlyList<string> TextList(string name) => Value<IReadOnlyList<string>>(name, OptionKind.TextList);

    /// <summary>The texts of a map option, in ordinal order of their names; empty where there are none.</summary>
    public IReadOnlyDictionary<string, string> TextMap(string name) => Value<IReadOnlyDictionary<string, string>>(name, OptionKind.TextMap);

    /// <summary>The options that count for the fingerprint, in the order of the table.</summary>
    internal IEnumerable<CanonicalOption> Canonical() => _section.Options
        .Where(option => option.Fingerprint == FingerprintRole.Counts)
        .Select(option => new CanonicalOption(_path.Length == 0 ? option.Name : $"{_path}.{option.Name}", CanonicalText(ValueOf(option))));

    private T Value<T>(string name, OptionKind kind) => _section.Find(name) is { } option && option.Kind == kind
        ? (T)ValueOf(option)
        : throw new ArgumentException($"{_section.Name} has no {kind} option '{name}'.", nameof(name));

    private object ValueOf(OptionDefinition option) => _given.GetValueOrDefault(option.Name) ?? option.Default;

    private static string CanonicalText(object value) => value switch
    {
        string text => text,
        bool truth => truth ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => JsonSerializer.Serialize(value, Json),
    };
}

/// <summary>An option that counts for a run's fingerprint.</summary>
/// <param name="Path">Its path, e.g. <c>stages.prune.ratio</c>.</param>
/// <param name="Value">Its value in the only form that this value has.</param>
public sealed record CanonicalOption(string Path, string Value);
