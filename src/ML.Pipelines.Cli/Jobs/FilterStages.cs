using ML.Pipelines.Filtering;
using ML.Pipelines.Formatting;
using Option = ML.Pipelines.Cli.Jobs.OptionDefinition;

namespace ML.Pipelines.Cli.Jobs;

/// <summary>The part of <see cref="JobSchema"/>'s table with the filters of source data, which may stand before adapt.</summary>
internal static class FilterStages
{
    private static readonly MathSourceOptions Math = new();
    private static readonly CodeSourceOptions Code = new();
    private static readonly RowSampleOptions Sample = new() { Count = 2 };
    private static readonly PuzzleOptions Puzzle = new();

    /// <summary>The stages.</summary>
    public static IReadOnlyList<SectionDefinition> All { get; } =
    [
        new("filter-math", "Drops competition problems that cannot train: with a picture, without a short boxed solution (DAP).",
        [
            Option.Text("problemColumn", "The column of problems.", Math.ProblemColumn),
            Option.Text("solutionColumn", "The column of solutions.", Math.SolutionColumn),
            Option.Text("sourceColumn", "The column of sources; where it is missing, or null in a row, all are taken.", Math.SourceColumn),
            Option.TextList("sources", "The sources to take; an empty list takes all.", [.. Math.Sources]),
            Option.Integer("maxSolutionLength", "The longest solution, in code points.", Math.MaxSolutionLength, 1),
            Id(Math.IdColumn),
        ]),
        new("filter-code", "Drops programming problems that cannot train: short, with link or image, without tests, not accepted (DAP).",
        [
            Option.Text("descriptionColumn", "The column of descriptions.", Code.DescriptionColumn),
            Option.Text("testsColumn", "The column of tests: a list, or JSON in a text.", Code.TestsColumn),
            Option.Text("verdictColumn", "The column of verdicts on the row's solution.", Code.VerdictColumn),
            Option.Text("verdict", "The verdict of accepted solutions.", Code.Verdict),
            Option.Integer("minDescriptionLength", "The shortest description, in code points.", Code.MinDescriptionLength, 0),
            Id(Code.IdColumn),
        ]),
        new("filter-science", "Keeps a few random questions of each topic (DAP).",
        [
            Option.Text("topicColumn", "The column of topics; rows without one are dropped.", "sub_topic"),
            Option.Integer("count", "The most rows to keep of each topic.", Sample.Count, 1), Seed, Id(Sample.IdColumn),
        ]),
        new("filter-puzzle", "Keeps random puzzles, with their options below the question in lines 'label: text' (DAP).",
        [
            Option.Text("questionColumn", "The column of questions.", Puzzle.QuestionColumn),
            Option.Text("optionsColumn", "The column of options: a list of text, or of structs with the texts label and text.",
                Puzzle.OptionsColumn),
            Option.Text("labelsColumn", "The column of labels, a list of text; without one, the structs', else A, B, C and so on."),
            Option.Integer("count", "The most rows to keep.", 2000, 1), Seed, Id(Puzzle.IdColumn),
        ]),
    ];

    /// <summary>Whether a stage is a filter that reads the input's own columns, so that adapt may come after it.</summary>
    public static bool IsOfSources(string stage) => All.Any(filter => filter.Name == stage);

    private static OptionDefinition Seed => Option.Integer("seed", "Seeds the choice, together with the row's id.", Sample.Seed);

    private static OptionDefinition Id(string column) =>
        Option.Text("idColumn", "The column of row ids; where it is not there, the row's number serves.", column);
}
