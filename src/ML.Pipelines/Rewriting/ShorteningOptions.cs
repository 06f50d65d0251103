using ML.Pipelines.Teachers;

namespace ML.Pipelines.Rewriting;

/// <summary>What happens to a row of which no attempt passes the gates.</summary>
public enum ShorteningFallback
{
    /// <summary>The row's own chain stays.</summary>
    KeepOriginal = 0,

    /// <summary>The row's own chain is pruned by perplexity (PIR).</summary>
    Prune = 1,

    /// <summary>The row is dropped with the last attempt's verdict as its reason.</summary>
    Drop = 2,
}

/// <summary>Options that all stages share that shorten chains. No shorter chain enters the data set unchecked.</summary>
public record ShorteningOptions
{
    /// <summary>What happens where no attempt passes.</summary>
    public ShorteningFallback Fallback { get; init; }

    /// <summary>The least share of tokens by which the chain must be shorter, 0 to below 1; with 0 it must not be longer.</summary>
    public double MinReduction { get; init; } = 0.05;

    /// <summary>The least share of the needed numbers that must be there, 0 to 1: those of the question that the row's chain uses.</summary>
    public double MinNumbers { get; init; } = 0.5;

    /// <summary>The most nats per answer token by which the answer may become less likely; null: not checked.</summary>
    public double? MaxAnswerLossIncrease { get; init; }

    /// <summary>Rows in work at once, 1 or more; does not change the result.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>The column of row ids; where it is not there, the row's number serves.</summary>
    public string IdColumn { get; init; } = "id";

    /// <summary>The column of questions.</summary>
    public string QuestionColumn { get; init; } = "question";

    /// <summary>The column of chains.</summary>
    public string ReasoningColumn { get; init; } = "reasoning";

    /// <summary>The column of gold answers; rows without are checked against the answer that they state themselves.</summary>
    public string AnswerColumn { get; init; } = "answer";

    /// <summary>The column of the text after the chain.</summary>
    public string SolutionColumn { get; init; } = "solution";

    /// <summary>The Boolean column that is false for cut-off traces; may be missing. Such rows are dropped as <c>cut-off</c>.</summary>
    public string CompleteColumn { get; init; } = "complete";

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>, naming the option.</exception>
    public virtual void Validate()
    {
        if (!(MinReduction is >= 0 and < 1)) throw Invalid($"minReduction is {MinReduction}; it must be from 0 to below 1");
        if (!(MinNumbers is >= 0 and <= 1)) throw Invalid($"minNumbers is {MinNumbers}; it must be from 0 to 1");
        if (MaxAnswerLossIncrease is { } loss && !double.IsFinite(loss)) throw Invalid("maxAnswerLossIncrease is no number");
        if (Concurrency < 1) throw Invalid($"concurrency is {Concurrency}; it must be 1 or more");
    }

    private protected static PipelineException Invalid(string what) => new(ErrorCode.Configuration, $"Shortening chains: {what}.");
}

/// <summary>Options that all stages share in which a teacher shortens chains.</summary>
public record TeacherShorteningOptions : ShorteningOptions
{
    /// <summary>What is said to the teacher.</summary>
    public required PromptTemplate Prompt { get; init; }

    /// <summary>How often a reply that fails a gate is answered with what was wrong and asked for again; 0 or more.</summary>
    public int Retries { get; init; } = 1;

    /// <summary>The most tokens of a reply; null: the teacher's limit.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>The temperature of sampling; 0 is greedy.</summary>
    public float Temperature { get; init; }

    /// <summary>The seed of sampling; each attempt has its own.</summary>
    public long Seed { get; init; } = 1;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        if (Retries < 0) throw Invalid($"retries is {Retries}; it must be 0 or more");
        if (!(Temperature >= 0)) throw Invalid($"temperature is {Temperature}; it must be 0 or more");
        if (MaxOutputTokens < 1) throw Invalid($"maxOutputTokens is {MaxOutputTokens}; it must be 1 or more");
    }
}
