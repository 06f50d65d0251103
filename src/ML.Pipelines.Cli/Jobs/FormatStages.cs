using ML.Pipelines.Formatting;
using Option = ML.Pipelines.Cli.Jobs.OptionDefinition;

namespace ML.Pipelines.Cli.Jobs;

/// <summary>The part of <see cref="JobSchema"/>'s table with the stages that make rows of another shape for a trainer.</summary>
internal static class FormatStages
{
    private static readonly MixChainOptions Mix = new();
    private static readonly BilevelPreferenceOptions Bilevel = new();
    private static readonly StepwisePreferenceOptions Stepwise = new();
    private static readonly LengthPrimingOptions Priming = new();
    private static readonly MetaLengthOptions MetaLength = new();
    private static readonly ConditionedOptions Conditions = new();

    /// <summary>The stages.</summary>
    public static IReadOnlyList<SectionDefinition> All { get; } =
    [
        new("mix-chains", "Makes a row of each correct chain of a question, from long to short (CoT-Valve's MixChain).",
        [
            .. Chains("chains", "The column of chains", Mix.Chains.Chains), Answer(Mix.AnswerColumn), Id(Mix.IdColumn),
            Option.Text("outputColumn", "The column of the row's chain.", "chain"),
        ]),
        new("bilevel-preferences", "Makes preference pairs of samples of a long and a short reasoner (AdaR1).",
        [
            .. Chains("longChains", "The column of the long reasoner's samples", Bilevel.LongChains.Chains),
            .. Chains("shortChains", "The column of the short reasoner's samples", Bilevel.ShortChains.Chains),
            Question(Bilevel.QuestionColumn), Answer(Bilevel.AnswerColumn), Id(Bilevel.IdColumn),
            Option.Integer("groupPairs", "The most pairs between the groups a question.", Bilevel.GroupPairs, 0),
            Option.Integer("instancePairs", "The most pairs inside the preferred group a question.", Bilevel.InstancePairs, 0),
            Option.Integer("seed", "Seeds the choice of pairs, together with the row's id.", Bilevel.Seed),
        ]),
        new("stepwise-preferences", "Makes preference pairs of explored responses, for length and for accuracy (ReCUT).",
        [
            .. Chains("chains", "The column of responses", Stepwise.Chains.Chains),
            Question(Stepwise.QuestionColumn), Answer(Stepwise.AnswerColumn), Id(Stepwise.IdColumn),
            Option.Integer("seed", "Seeds the choice of rejected responses, together with the row's id.", Stepwise.Seed),
        ]),
        new("length-priming", "Makes instructions that tell how many words to keep and to delete (InstructCMP).",
        [
            Option.Text("textColumn", "The column of sources.", Priming.TextColumn),
            Option.Text("summariesColumn", "The column of gold compressions, text or a list of text whose first element counts.",
                Priming.SummariesColumn),
            Option.Text("template", "The instruction, with {text} and any of {source}, {keep} and {delete}, which are numbers of words.",
                Priming.Template),
            Option.Text("outputColumn", "The column of instructions.", "instruction"),
        ]),
        new("meta-length", "Puts a meta length token before each output (Ruler).",
        [
            Option.Text("textColumn", "The column of outputs.", MetaLength.TextColumn),
            Option.Text("outputColumn", "The column of marked outputs; may be textColumn's.", MetaLength.TextColumn),
        ]),
        new("conditioned", "Makes a row under a long condition, and rows under a short one or under compression levels (C3oT).",
        [
            Question(Conditions.QuestionColumn),
            Option.Text("answerColumn", "The column of answers.", Conditions.AnswerColumn),
            Option.Text("longColumn", "The column of chains as they were.", Conditions.LongColumn),
            Option.Text("shortColumn", "The column of compressed chains; without it and levelColumns, short, else the columns of levels."),
            Option.TextList("levelColumns", "The columns of chains less 50, 60, 70, 80, 90 and 100 % of their words, from level 1 up; "
                + "without them and shortColumn, those of short_50 to short_100 that are there."),
            Option.Boolean("answerOnly", "Whether each row also gives one of level 6, the answer without a chain.", Conditions.AnswerOnly),
            Option.Text("longCondition", "The long condition.", Conditions.Texts.LongCondition),
            Option.Text("shortCondition", "The short condition.", Conditions.Texts.ShortCondition),
            Option.Text("levelCondition", "The condition of a level; {level} stands for 1 to 6.", Conditions.Texts.LevelCondition),
            Option.Text("conditionEnd", "What stands between condition and question.", Conditions.Texts.ConditionEnd),
            Option.Text("answerPhrase", "What stands between chain and answer; {answer} stands for the answer.",
                Conditions.Texts.AnswerPhrase),
            Id(Conditions.IdColumn),
        ]),
    ];

    private static IEnumerable<OptionDefinition> Chains(string name, string about, string column) =>
    [
        Option.Text($"{name}Column", $"{about}, a list of text.", column),
        Option.Text($"{name}Correct",
            $"The column that tells which are correct, a list of Boolean parallel to {name}Column; without one, those that state the "
            + "row's answer."),
        Option.Text($"{name}Tokens",
            $"The column of their tokens, a list of whole numbers parallel to {name}Column; without one, words are counted."),
    ];

    private static OptionDefinition Question(string column) => Option.Text("questionColumn", "The column of questions.", column);

    private static OptionDefinition Answer(string column) => Option.Text("answerColumn", "The column of gold answers.", column);

    private static OptionDefinition Id(string column) =>
        Option.Text("idColumn", "The column of row ids; where it is not there, the row's number serves.", column);

    /// <summary>What the options of these stages must hold.</summary>
    public static void Check(ReadStage stage, JobErrors errors)
    {
        foreach (var (_, option, part) in Parts.Where(part => part.Stage == stage.Options.Name))
            if (!stage.Options.Text(option).Contains(part, StringComparison.Ordinal))
                errors.Add(stage, option, $"lacks {part}. Put it where its value goes.");
        if (stage.Options.Name == "conditioned" && stage.Options.TextList("levelColumns").Count is var count && count > ConditionedFormat.LevelRates.Count)
            errors.Add(stage, "levelColumns",
                $"{count} columns are named, but there are {ConditionedFormat.LevelRates.Count} levels. Give at most as many.");
    }

    private static (string Stage, string Option, string Part)[] Parts { get; } =
    [
        ("length-priming", "template", "{text}"), ("conditioned", "levelCondition", "{level}"), ("conditioned", "answerPhrase", "{answer}"),
    ];
}
