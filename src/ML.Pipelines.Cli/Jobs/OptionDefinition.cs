using System.Diagnostics.CodeAnalysis;

namespace ML.Pipelines.Cli.Jobs;

/// <summary>What kind of value an option takes.</summary>
public enum OptionKind
{
    /// <summary>A text; in C# a <see cref="string"/>.</summary>
    Text = 0,

    /// <summary>A whole number; in C# an <see cref="int"/>.</summary>
    [SuppressMessage("Naming", "CA1720", Justification = "The kind of value is what it names.")]
    Integer = 1,

    /// <summary>A finite number; in C# a <see cref="double"/>.</summary>
    Number = 2,

    /// <summary>true or false.</summary>
    Boolean = 3,

    /// <summary>One of the option's choices; in C# a <see cref="string"/>.</summary>
    Choice = 4,

    /// <summary>A list of texts, or a single one.</summary>
    TextList = 5,

    /// <summary>Texts by name.</summary>
    TextMap = 6,
}

/// <summary>How an option takes part in a run's fingerprint.</summary>
public enum FingerprintRole
{
    /// <summary>Its value changes the result, so it counts.</summary>
    Counts = 0,

    /// <summary>It is the place of a file, whose content counts instead of the place; the run adds the content's hash.</summary>
    ByContent = 1,

    /// <summary>It does not change the result.</summary>
    Ignored = 2,

    /// <summary>What it resolves to on the machine counts, and the run adds that.</summary>
    Resolved = 3,
}

/// <summary>When an option must have a value.</summary>
public enum Requirement
{
    /// <summary>Without a value the default holds.</summary>
    Optional = 0,

    /// <summary>The job file or the command line must give it.</summary>
    InFileOrCommandLine = 1,

    /// <summary>As before, and the JSON schema of the job file asks for it, because a command line seldom gives it.</summary>
    InFile = 2,
}

/// <summary>An option of a job file: one entry of the table that parsing, JSON schema and docs read.</summary>
/// <param name="Name">Its key, camelCase; <c>trainer.base</c> is the key <c>base</c> in the map <c>trainer</c>.</param>
/// <param name="Kind">The kind of its value.</param>
/// <param name="Description">What it does, as a sentence.</param>
/// <param name="Default">The value that holds where none is given; empty text, list or map: none.</param>
public sealed record OptionDefinition(string Name, OptionKind Kind, string Description, object Default)
{
    /// <summary>When it must have a value.</summary>
    public Requirement Requirement { get; init; }

    /// <summary>The least number allowed.</summary>
    public double Minimum { get; init; } = double.NegativeInfinity;

    /// <summary>The greatest number allowed.</summary>
    public double Maximum { get; init; } = double.PositiveInfinity;

    /// <summary>The values of a choice, in the order of their enumeration; of a map, the names that it may have;
    /// none: any.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>How it takes part in the fingerprint.</summary>
    public FingerprintRole Fingerprint { get; init; }

    /// <summary>Whether texts are paths: relative ones are relative to where they were written, job file or command line.</summary>
    public bool IsPath { get; init; }

    /// <summary>The words that a path option takes in place of a path, e.g. <c>bundled</c>.</summary>
    public IReadOnlyList<string> PathKeywords { get; init; } = [];

    internal static OptionDefinition Text(string name, string description, string value = "") =>
        new(name, OptionKind.Text, description, value);

    internal static OptionDefinition Integer(
        string name, string description, int value, int minimum = int.MinValue, int maximum = int.MaxValue) =>
        new(name, OptionKind.Integer, description, value) { Minimum = minimum, Maximum = maximum };

    internal static OptionDefinition Number(string name, string description, double value, double minimum, double maximum) =>
        new(name, OptionKind.Number, description, value) { Minimum = minimum, Maximum = maximum };

    internal static OptionDefinition Boolean(string name, string description, bool value) =>
        new(name, OptionKind.Boolean, description, value);

    internal static OptionDefinition Choice<TEnum>(string name, string description, TEnum value) where TEnum : struct, Enum =>
        new(name, OptionKind.Choice, description, ChoiceNames.Of(value)) { Choices = ChoiceNames.All<TEnum>() };

    internal static OptionDefinition TextList(string name, string description, params string[] value) =>
        new(name, OptionKind.TextList, description, value);

    internal static OptionDefinition TextMap(string name, string description, IReadOnlyList<string>? names = null) =>
        new(name, OptionKind.TextMap, description, new SortedDictionary<string, string>(StringComparer.Ordinal)) { Choices = names ?? [] };
}

/// <summary>A group of options: a section, a model or a stage.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Description">What it is for, as a sentence.</param>
/// <param name="Options">Its options, in the order of the docs.</param>
public sealed record SectionDefinition(string Name, string Description, IReadOnlyList<OptionDefinition> Options)
{
    /// <summary>The option of a name; null: there is none.</summary>
    public OptionDefinition? Find(string name) => Options.FirstOrDefault(option => option.Name == name);

    /// <summary>Whether a key holds a map of options.</summary>
    internal bool HasGroup(string key) => Options.Any(option => option.Name.StartsWith(key + ".", StringComparison.Ordinal));
}
