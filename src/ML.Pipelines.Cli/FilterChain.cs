using Microsoft.ML;
using ML.Pipelines.Cli.Jobs;
using ML.Pipelines.Filtering;
using ML.Pipelines.Formatting;

namespace ML.Pipelines.Cli;

/// <summary>The estimators of the stages that filter source data.</summary>
internal static class FilterChain
{
    /// <summary>The estimator of a stage; null: the stage is none of these.</summary>
    public static IEstimator<ITransformer>? Create(StageOptions stage, TrainingSetsCatalog catalog) => stage.Name switch
    {
        "filter-math" => catalog.FilterMathSources(new()
        {
            ProblemColumn = stage.Text("problemColumn"),
            SolutionColumn = stage.Text("solutionColumn"),
            SourceColumn = stage.Text("sourceColumn"),
            Sources = stage.TextList("sources"),
            MaxSolutionLength = stage.Integer("maxSolutionLength"),
            IdColumn = stage.Text("idColumn"),
        }),
        "filter-code" => catalog.FilterCodeSources(new()
        {
            DescriptionColumn = stage.Text("descriptionColumn"),
            TestsColumn = stage.Text("testsColumn"),
            VerdictColumn = stage.Text("verdictColumn"),
            Verdict = stage.Text("verdict"),
            MinDescriptionLength = stage.Integer("minDescriptionLength"),
            IdColumn = stage.Text("idColumn"),
        }),
        "filter-science" => Sample(stage, catalog, stage.Text("topicColumn")),
        "filter-puzzle" => catalog.FormatPuzzles(Puzzle(stage)).Append(Sample(stage, catalog, null)),
        _ => null,
    };

    private static FilterEstimator Sample(StageOptions stage, TrainingSetsCatalog catalog, string? groups) => catalog.SampleRows(new()
    {
        Count = stage.Integer("count"),
        GroupColumn = groups,
        Seed = stage.Integer("seed"),
        IdColumn = stage.Text("idColumn"),
    });

    private static PuzzleOptions Puzzle(StageOptions stage) => new()
    {
        QuestionColumn = stage.Text("questionColumn"),
        OptionsColumn = stage.Text("optionsColumn"),
        LabelsColumn = stage.TextOrNull("labelsColumn"),
        IdColumn = stage.Text("idColumn"),
    };
}
