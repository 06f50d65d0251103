namespace ML.Pipelines.Formatting;

/// <summary>Options of <c>FormatLiteCot</c>.</summary>
public sealed record LiteCotOptions
{
    /// <summary>The column of questions.</summary>
    public string QuestionColumn { get; init; } = "question";

    /// <summary>The column of chains, without tags.</summary>
    public string ReasoningColumn { get; init; } = "reasoning";

    /// <summary>The column of solutions, without tags.</summary>
    public string SolutionColumn { get; init; } = "solution";

    /// <summary>The column of system prompts; may be missing or null.</summary>
    public string SystemColumn { get; init; } = "system";

    /// <summary>The system prompt of rows that have none; null: one that describes the frames
    /// (<see cref="LiteCotFormat.SystemPrompt"/>).</summary>
    public string? SystemPrompt { get; init; }

    /// <summary>Whether thought and solution stand between begin and end tags (the released prompts of 2025-03-22); else the heading
    /// <c>**Solution:**</c> is between them.</summary>
    public bool Tags { get; init; } = true;
}

/// <summary>Options of <c>FormatMixChain</c>.</summary>
public sealed record MixChainOptions
{
    /// <summary>The chains.</summary>
    public ChainListColumns Chains { get; init; } = new() { Chains = "chains" };

    /// <summary>The column of gold answers; may be missing where correctness has a column.</summary>
    public string AnswerColumn { get; init; } = "answer";

    /// <summary>The column of row ids; where it is not there, the row's number serves.</summary>
    public string IdColumn { get; init; } = "id";
}

/// <summary>Options of <c>FormatBilevelPreferences</c>.</summary>
public sealed record BilevelPreferenceOptions
{
    /// <summary>Samples of the long reasoner.</summary>
    public ChainListColumns LongChains { get; init; } = new() { Chains = "long_chains" };

    /// <summary>Samples of the short reasoner.</summary>
    public ChainListColumns ShortChains { get; init; } = new() { Chains = "short_chains" };

    /// <summary>The column of questions: the instructions.</summary>
    public string QuestionColumn { get; init; } = "question";

    /// <summary>The column of gold answers; rows with an empty one or a single letter (multiple choice) are dropped.</summary>
    public string AnswerColumn { get; init; } = "answer";

    /// <summary>The column of row ids; where it is not there, the row's number serves.</summary>
    public string IdColumn { get; init; } = "id";

    /// <summary>The most pairs between the groups (M1), at least 0. Default 4.</summary>
    public int GroupPairs { get; init; } = 4;

    /// <summary>The most pairs inside the preferred group (M2), at least 0. Default 2.</summary>
    public int InstancePairs { get; init; } = 2;

    /// <summary>Seeds the shuffle, together with the row's id.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Checks the numbers of pairs.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>, naming the option.</exception>
    public void Validate()
    {
        if (GroupPairs < 0 || InstancePairs < 0)
            throw new PipelineException(ErrorCode.Configuration,
                $"FormatBilevelPreferences: groupPairs is {GroupPairs} and instancePairs {InstancePairs}; both must be 0 or more.");
    }
}

/// <summary>Options of <c>FormatStepwisePreferences</c>.</summary>
public sealed record StepwisePreferenceOptions
{
    /// <summary>The explored responses, correct and wrong.</summary>
    public ChainListColumns Chains { get; init; } = new() { Chains = "chains" };

    /// <summary>The column of questions: the instructions.</summary>
    public string QuestionColumn { get; init; } = "question";

    /// <summary>The column of gold answers; may be missing where correctness has a column.</summary>
    public string AnswerColumn { get; init; } = "answer";

    /// <summary>The column of row ids; where it is not there, the row's number serves.</summary>
    public string IdColumn { get; init; } = "id";

    /// <summary>Seeds the choice of rejected responses, together with the row's id.</summary>
    public int Seed { get; init; } = 1;
}

/// <summary>Options of <c>FormatLengthPriming</c>.</summary>
public sealed record LengthPrimingOptions
{
    /// <summary>The column of sources.</summary>
    public string TextColumn { get; init; } = "text";

    /// <summary>The column of gold compressions, text or a list of text whose first element counts.</summary>
    public string SummariesColumn { get; init; } = "summaries";

    /// <summary>The instruction, with {text} and any of {source}, {keep} and {delete}.</summary>
    public string Template { get; init; } =
        "The sentence below has {source} words.\nSentence: {text}\nWrite it again with {keep} words: take out the {delete} words that "
        + "matter least.";

    /// <summary>Checks the template.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>.</exception>
    public void Validate()
    {
        if (!Template.Contains("{text}", StringComparison.Ordinal))
            throw new PipelineException(ErrorCode.Configuration,
                "FormatLengthPriming: template lacks {text}, so the source would not be in the instruction.");
    }
}

/// <summary>Options of <c>FormatMetaLengthTokens</c>.</summary>
public sealed record MetaLengthOptions
{
    /// <summary>The column of outputs.</summary>
    public string TextColumn { get; init; } = "output";
}

/// <summary>Options of <c>FormatConditioned</c>.</summary>
public sealed record ConditionedOptions
{
    /// <summary>The column of questions.</summary>
    public string QuestionColumn { get; init; } = "question";

    /// <summary>The column of answers.</summary>
    public string AnswerColumn { get; init; } = "answer";

    /// <summary>The column of chains as they were.</summary>
    public string LongColumn { get; init; } = "reasoning";

    /// <summary>The column of compressed chains; null where only levels are made. Where <see cref="LevelColumns"/> are not named
    /// either: <c>short</c> where it is there, else the columns <c>short_50</c> to <c>short_100</c> (percent of words taken out) are levels
    /// 1 to 6.</summary>
    public string? ShortColumn { get; init; }

    /// <summary>The columns of chains compressed by 50, 60, 70, 80, 90 and 100 % (Mixed Conditions), from level 1 up; at most 6. The last
    /// one's text is not used, as there is no chain at 100 %.</summary>
    public IReadOnlyList<string> LevelColumns { get; init; } = [];

    /// <summary>Whether each row also gives one of level 6, the answer without a chain, which needs no column.</summary>
    public bool AnswerOnly { get; init; }

    /// <summary>The column of row ids; where it is not there, the row's number serves.</summary>
    public string IdColumn { get; init; } = "id";

    /// <summary>The condition texts.</summary>
    public ConditionTexts Texts { get; init; } = new();

    /// <summary>Checks columns and texts.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>, naming the option.</exception>
    public void Validate()
    {
        if (LevelColumns.Count > ConditionedFormat.LevelRates.Count)
            throw Invalid($"levelColumns names {LevelColumns.Count} columns; there are {ConditionedFormat.LevelRates.Count} levels.");
        for (var level = 1; level <= LevelColumns.Count; level++)
            if (CompressedColumns.Percent(LevelColumns[level - 1]) is { } percent && percent != ConditionedFormat.LevelPercent(level))
                throw Invalid($"levelColumns has '{LevelColumns[level - 1]}' at the place of level {level}, "
                    + $"{ConditionedFormat.LevelPercent(level)} %. Name the columns of all levels from 1 up, or none: then each "
                    + "gets its own.");
        if (!Texts.LevelCondition.Contains("{level}", StringComparison.Ordinal)) throw Invalid("levelCondition lacks {level}.");
        if (!Texts.AnswerPhrase.Contains("{answer}", StringComparison.Ordinal)) throw Invalid("answerPhrase lacks {answer}.");
    }

    private static PipelineException Invalid(string message) => new(ErrorCode.Configuration, $"FormatConditioned: {message}");
}
