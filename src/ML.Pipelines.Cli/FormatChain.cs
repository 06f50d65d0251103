using Microsoft.ML;
using ML.Pipelines.Cli.Jobs;
using ML.Pipelines.Formatting;

namespace ML.Pipelines.Cli;

/// <summary>The estimators of the stages that make rows for a trainer.</summary>
internal static class FormatChain
{
    /// <summary>The estimator of a stage; null: the stage is none of these.</summary>
    public static IEstimator<ITransformer>? Create(Job job, StageOptions stage, TrainingSetsCatalog catalog) => stage.Name switch
    {
        "format" when stage.Choice<FormatColumns>("columns") == FormatColumns.Litecot => catalog.FormatLiteCot(new()
        {
            SystemPrompt = stage.TextOrNull("systemPrompt"),
            Tags = HasTags(job, stage),
        }),
        "format" => catalog.FormatMessages("messages", new()
        {
            ThoughtOpen = stage.Text("thoughtOpen"),
            ThoughtClose = stage.Text("thoughtClose"),
        }),
        "mix-chains" => catalog.FormatMixChain(stage.Text("outputColumn"), new()
        {
            Chains = Chains(stage, "chains"),
            AnswerColumn = stage.Text("answerColumn"),
            IdColumn = stage.Text("idColumn"),
        }),
        "bilevel-preferences" => catalog.FormatBilevelPreferences(Bilevel(stage)),
        "stepwise-preferences" => catalog.FormatStepwisePreferences(new()
        {
            Chains = Chains(stage, "chains"),
            QuestionColumn = stage.Text("questionColumn"),
            AnswerColumn = stage.Text("answerColumn"),
            IdColumn = stage.Text("idColumn"),
            Seed = stage.Integer("seed"),
        }),
        "length-priming" => catalog.FormatLengthPriming(stage.Text("outputColumn"), new()
        {
            TextColumn = stage.Text("textColumn"),
            SummariesColumn = stage.Text("summariesColumn"),
            Template = stage.Text("template"),
        }),
        "meta-length" => catalog.FormatMetaLengthTokens(stage.Text("outputColumn"), new() { TextColumn = stage.Text("textColumn") }),
        "conditioned" => catalog.FormatConditioned(Conditioned(stage)),
        _ => null,
    };

    private static bool HasTags(Job job, StageOptions stage) => stage.Choice<SolutionMark>("solutionMark") switch
    {
        SolutionMark.Auto => job.FindStage("rewrite")?.Boolean("tags") ?? true,
        var mark => mark == SolutionMark.Tags,
    };

    private static BilevelPreferenceOptions Bilevel(StageOptions stage) => new()
    {
        LongChains = Chains(stage, "longChains"),
        ShortChains = Chains(stage, "shortChains"),
        QuestionColumn = stage.Text("questionColumn"),
        AnswerColumn = stage.Text("answerColumn"),
        IdColumn = stage.Text("idColumn"),
        GroupPairs = stage.Integer("groupPairs"),
        InstancePairs = stage.Integer("instancePairs"),
        Seed = stage.Integer("seed"),
    };

    private static ConditionedOptions Conditioned(StageOptions stage) => new()
    {
        QuestionColumn = stage.Text("questionColumn"),
        AnswerColumn = stage.Text("answerColumn"),
        LongColumn = stage.Text("longColumn"),
        ShortColumn = stage.TextOrNull("shortColumn"),
        LevelColumns = stage.TextList("levelColumns"),
        AnswerOnly = stage.Boolean("answerOnly"),
        IdColumn = stage.Text("idColumn"),
        Texts = Conditions(stage),
    };

    /// <summary>The texts of a stage conditioned.</summary>
    public static ConditionTexts Conditions(StageOptions stage) => new()
    {
        LongCondition = stage.Text("longCondition"),
        ShortCondition = stage.Text("shortCondition"),
        LevelCondition = stage.Text("levelCondition"),
        ConditionEnd = stage.Text("conditionEnd"),
        AnswerPhrase = stage.Text("answerPhrase"),
    };

    private static ChainListColumns Chains(StageOptions stage, string name) => new()
    {
        Chains = stage.Text($"{name}Column"),
        Correct = stage.TextOrNull($"{name}Correct"),
        Tokens = stage.TextOrNull($"{name}Tokens"),
    };
}
