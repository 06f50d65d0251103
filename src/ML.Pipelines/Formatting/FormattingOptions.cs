namespace ML.Pipelines.Formatting;

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

    /// <summary>The column of compressed chains; null where only levels are made.</summary>
    public string? ShortColumn { get; init; } = "compressed";

    /// <summary>The columns of chains compressed by 50, 60, 70, 80, 90 and 100 % (Mixed Conditions), from level 1 up; at most 6. The last
    /// one's text is not used, as there is no chain at 100 %.</summary>
    public IReadOnlyList<string> LevelColumns { get; init; } = [];

    /// <summary>The column of row ids; where it is not there, the row's number serves.</summary>
    public string IdColumn { get; init; } = "id";

    /// <summary>The condition texts.</summary>
    public ConditionTexts Texts { get; init; } = new();

    /// <summary>Checks the columns.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>, naming the option.</exception>
    public void Validate()
    {
        if (LevelColumns.Count > ConditionedFormat.LevelRates.Count)
            throw new PipelineException(ErrorCode.Configuration,
                $"FormatConditioned: levelColumns names {LevelColumns.Count} columns; there are {ConditionedFormat.LevelRates.Count} "
                    + "levels.");
        if (ShortColumn is null && LevelColumns.Count == 0)
            throw new PipelineException(ErrorCode.Configuration, "FormatConditioned: name shortColumn or levelColumns.");
    }
}
