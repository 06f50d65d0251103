using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ML.Pipelines.Cli.Jobs;

/// <summary>The page <c>docs/job-file.md</c>, from <see cref="JobSchema"/>.</summary>
public static class JobDocument
{
    private const string Opening = """
        # The job file

        `mlpipe schema --markdown` writes this page, `mlpipe schema` the JSON schema that editors read.

        A job file is YAML with the sections `name, input, output, models, stages`. `stages` is a list: each entry is one stage's name,
        or its name with its options below. Every error names file, line, column and option; all errors are told at once.

        `--set path=value` overrides an option for one run and may be repeated: `--set stages.prune.ratio=0.5 --set output.shardRows=100
        --set input.files=a.jsonl,b.jsonl`. The value is a YAML scalar or flow; a text is taken as it is unless it is quoted.

        An option with a dot in its name is in a map of its own: `trainer: {command: …, base: …}` for `trainer.command` and `trainer.base`.

        Relative paths in the file are relative to the file's folder, those on the command line to the current directory.

        The last column says what a change of the option means for a run that is resumed: *yes*, the result would be another and the run
        is refused; *content*, the content of the files counts instead of their place; *resolved*, what it comes to on the machine
        counts; *no*, it may change at any time.

        """;

    private const string Closing = """

        ## Decisions

        - One table in code is behind parsing, defaults, JSON schema, fingerprint and this page, so that none of them can lack an option.
        - A stage is listed at most once, so that `stages.prune.ratio` names one option.
        - Defaults count for the fingerprint as if they were written: leaving an option out and writing its default are the same job.

        """;

    private const string TableHead = "\n\n| option | value | default | what it does | changes the result |\n|---|---|---|---|---|\n";

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The page.</summary>
    public static string Text()
    {
        var page = new StringBuilder(Opening);
        foreach (var section in JobSchema.Sections) Append(page, section);
        return page.Append(Closing).ToString();
    }

    private static void Append(StringBuilder page, SectionDefinition section)
    {
        page.Append(CultureInfo.InvariantCulture, $"\n## {Title(section)}\n\n{section.Description}");
        page.Append(section.Options.Count == 0 ? " It has no options.\n" : TableHead);
        foreach (var option in section.Options)
            page.Append($"| `{option.Name}` | {Value(option)} | {Default(option)} | {Cell(option.Description)} | {Role(option)} |\n");
    }

    private static string Title(SectionDefinition section)
    {
        if (section == JobSchema.Top) return "Top";
        if (section == JobSchema.Model) return "`models.<name>`";
        return JobSchema.Stages.Contains(section) ? $"`stages: {section.Name}`" : $"`{section.Name}`";
    }

    private static string Value(OptionDefinition option) => option.Kind switch
    {
        OptionKind.Choice => string.Join(", ", option.Choices.Select(choice => $"`{choice}`")),
        OptionKind.Integer => "whole number" + Range(option),
        OptionKind.Number => "number" + Range(option),
        OptionKind.Boolean => "`true`, `false`",
        OptionKind.TextList => "text or list of texts",
        OptionKind.TextMap when option.Choices.Count == 0 => "texts by name",
        OptionKind.TextMap => $"texts by {string.Join(", ", option.Choices.Select(key => $"`{key}`"))}",
        _ => "text",
    };

    private static string Range(OptionDefinition option) => (option.Minimum, option.Maximum) switch
    {
        (int.MinValue, int.MaxValue) => "",
        (var minimum, int.MaxValue) => string.Create(CultureInfo.InvariantCulture, $" from {minimum}"),
        var (minimum, maximum) => string.Create(CultureInfo.InvariantCulture, $" from {minimum} to {maximum}"),
    };

    private static string Default(OptionDefinition option) => option switch
    {
        { Requirement: not Requirement.Optional } => "required",
        { Default: "" or IReadOnlyCollection<object> { Count: 0 } or IReadOnlyDictionary<string, string> } => "none",
        { Kind: OptionKind.Choice, Default: string choice } => $"`{choice}`",
        _ => $"`{JsonSerializer.Serialize(option.Default, Json)}`",
    };

    private static string Role(OptionDefinition option) => option.Fingerprint switch
    {
        FingerprintRole.Counts => "yes",
        FingerprintRole.ByContent => "content",
        FingerprintRole.Resolved => "resolved",
        _ => "no",
    };

    private static string Cell(string text) =>
        text.Replace("|", "\\|", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal);
}
