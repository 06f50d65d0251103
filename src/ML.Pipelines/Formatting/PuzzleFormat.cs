using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;
using ML.Pipelines.Stages;

namespace ML.Pipelines.Formatting;

/// <summary>Options of <c>FormatPuzzles</c>.</summary>
public sealed record PuzzleOptions
{
    /// <summary>The column of questions, which is replaced.</summary>
    public string QuestionColumn { get; init; } = "question";

    /// <summary>The column of options: a list of text, or of structs with the texts <c>label</c> and <c>text</c>.</summary>
    public string OptionsColumn { get; init; } = "choices";

    /// <summary>The column of labels, a list of text parallel to the options; null: the structs', else A, B, C …</summary>
    public string? LabelsColumn { get; init; }

    /// <summary>The column of row ids; where it is not there, the row's number serves.</summary>
    public string IdColumn { get; init; } = "id";
}

/// <summary>What formatting reads of a puzzle.</summary>
/// <param name="Id">The row's id.</param>
/// <param name="Question">The question.</param>
/// <param name="Options">The options' texts.</param>
/// <param name="Labels">Their labels.</param>
public sealed record PuzzleRow(string Id, string Question, IReadOnlyList<string> Options, IReadOnlyList<string> Labels);

/// <summary>Puzzles whose options follow the question (small-thoughts of DAP / LiteCoT).</summary>
public static class PuzzleFormat
{
    /// <summary>The drop reason of rows without options.</summary>
    public const string NoOptions = "no-options";

    private static readonly RowError NotParallel = new(ErrorCode.TypeMismatch,
        "The row's lists of options and labels have not the same number of elements. Correct the row, or name another labelsColumn.");

    /// <summary>The question, and below it each option in a line <c>label: text</c>.</summary>
    /// <param name="question">The question.</param>
    /// <param name="options">The options' texts.</param>
    /// <param name="labels">Their labels, as many.</param>
    public static string Question(string question, IReadOnlyList<string> options, IReadOnlyList<string> labels)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(labels);
        return string.Join('\n', options.Zip(labels, (text, label) => $"{label}: {text}").Prepend(question));
    }

    internal static RowFormat<PuzzleRow, string> Of(PuzzleOptions options) => new()
    {
        Name = "puzzles",
        Required =
        [
            (options.QuestionColumn, "questionColumn"), (options.OptionsColumn, "optionsColumn"),
            .. options.LabelsColumn is { } labels ? [(labels, "labelsColumn")] : Array.Empty<(string, string)>(),
        ],
        Optional = [options.IdColumn],
        Read = row => Reader(row, options),
        RowId = row => row.Id,
        Rows = Row,
        Outputs = [OutputColumn<string>.Text(options.QuestionColumn, question => question)],
    };

    private static StageOutcome<string> Row(PuzzleRow row)
    {
        if (row.Options.Count == 0) return StageOutcome<string>.Dropped(NoOptions);
        if (row.Options.Count != row.Labels.Count) return StageOutcome<string>.Quarantined(NotParallel);
        return StageOutcome<string>.Kept(Question(row.Question, row.Options, row.Labels));
    }

    private static Func<PuzzleRow> Reader(DataViewRow row, PuzzleOptions options)
    {
        var id = Columns.RowId(row, options.IdColumn);
        var question = Columns.TextOrEmpty(row, Columns.Get(row.Schema, options.QuestionColumn, "questionColumn"));
        var choices = Choices(row, Columns.Get(row.Schema, options.OptionsColumn, "optionsColumn"));
        var labels = options.LabelsColumn is { } name
            ? Columns.Texts(row, Columns.Get(row.Schema, name, "labelsColumn"), "labelsColumn")
            : null;
        return () =>
        {
            var (texts, own) = choices();
            return new(id(), question(), texts, labels?.Invoke() ?? own);
        };
    }

    private static Func<(IReadOnlyList<string> Texts, IReadOnlyList<string> Labels)> Choices(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is not StructListDataViewType structs)
        {
            var texts = Columns.Texts(row, column, "optionsColumn");
            return () => texts() is var all ? (all, [.. Enumerable.Range(0, all.Count).Select(Letter)]) : default;
        }
        var (label, text) = (Field(structs, "label"), Field(structs, "text"));
        if (label < 0 || text < 0)
            throw Columns.Mistyped(column, "a list of text, or of structs with the texts label and text", "optionsColumn");
        var (getter, value) = (structs.GetStructs(row, column), Array.Empty<StructValue?>());
        return () =>
        {
            getter(ref value);
            return ([.. value.Select(option => Part(option, text))], [.. value.Select(option => Part(option, label))]);
        };
    }

    private static string Part(StructValue? option, int field) => (string?)option?[field] ?? "";

    private static int Field(StructListDataViewType type, string name) =>
        type.Fields.ToList().FindIndex(field => field.Name == name && field.Type is TextDataViewType);

    private static string Letter(int index) =>
        index < 26 ? ((char)('A' + index)).ToString() : (index + 1).ToString(CultureInfo.InvariantCulture);
}
