namespace ML.Pipelines.Pruning;

/// <summary>Which steps are candidates and how they are chosen.</summary>
public enum PruningMethod
{
    /// <summary>Functional steps by importance, per category (LIMOPro).</summary>
    Pir = 0,

    /// <summary>All steps by importance, without categories (SPIRIT, arXiv 2502.13260), a baseline.</summary>
    Spirit = 1,

    /// <summary>Functional steps at random, per category (RULE), a baseline; needs no scores.</summary>
    Rule = 2,
}

/// <summary>Over what a ratio counts.</summary>
public enum PruningScope
{
    /// <summary>Per solution and per category: floor(ratio x count) lowest steps go (LIMOPro Algorithm 1).</summary>
    Solution = 0,

    /// <summary>One threshold per category for the whole data set, learned in Fit: at most floor(ratio x count) steps lie below it.</summary>
    Corpus = 1,
}

/// <summary>What happens to rows of a kind.</summary>
public enum RowPolicy
{
    /// <summary>The row is dropped with its reason.</summary>
    Drop = 0,

    /// <summary>The row is kept and pruned as any other where it can be scored.</summary>
    Keep = 1,
}

/// <summary>What happens to a chain that does not fit the scorer's context.</summary>
public enum OverflowPolicy
{
    /// <summary>The row is quarantined with <see cref="ErrorCode.ContextOverflow"/>.</summary>
    Quarantine = 0,

    /// <summary>The earliest steps are left out of the scored context; they stay in the text, unscored, and the evidence says so.</summary>
    TruncateEarliest = 1,
}

/// <summary>Options of <c>PruneByPerplexity</c>.</summary>
public sealed record PruningOptions
{
    /// <summary>The share of candidates to remove, 0 to 1. Default 0.3 (LIMOPro's choice for AIME and AMC).</summary>
    public double Ratio { get; init; } = 0.3;

    /// <summary>Which steps are candidates and how they are chosen.</summary>
    public PruningMethod Method { get; init; }

    /// <summary>Over what the ratio counts.</summary>
    public PruningScope Scope { get; init; }

    /// <summary>Seeds the random choice of <see cref="PruningMethod.Rule"/>, together with the row's id.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The text before the chain in the scored context; {question} stands for the question.</summary>
    public string Prefix { get; init; } = "Question: {question}\n\n<think>\n";

    /// <summary>The text between chain and answer in the scored context, the same in both terms of the importance.</summary>
    public string Bridge { get; init; } = "\n</think>\n\nFinal answer: ";

    /// <summary>Traces that were cut off before they closed; reason <c>cut-off</c>.</summary>
    public RowPolicy CutOff { get; init; }

    /// <summary>Traces whose stated answer is not equivalent to the gold answer; reason <c>wrong-answer</c>.</summary>
    public RowPolicy WrongAnswer { get; init; }

    /// <summary>Rows with neither a gold answer nor one that can be extracted; reason <c>no-answer</c>. Kept, they stay unpruned.</summary>
    public RowPolicy NoAnswer { get; init; }

    /// <summary>Whether an error correction goes only together with the step whose mistake it corrects; else by its score alone, as in
    /// LIMOPro's Algorithm 1. Default true: with the mistake still there, cutting its correction breaks the chain.</summary>
    public bool GuardCorrections { get; init; } = true;

    /// <summary>Chains longer than the scorer's context.</summary>
    public OverflowPolicy Overflow { get; init; }

    /// <summary>The column of row ids; where it is not there, the row's number serves.</summary>
    public string IdColumn { get; init; } = "id";

    /// <summary>The column of questions.</summary>
    public string QuestionColumn { get; init; } = "question";

    /// <summary>The column of chains; null: the one that the steps column says it divides, else <c>reasoning</c>.</summary>
    public string? ReasoningColumn { get; init; }

    /// <summary>The column of gold answers; rows and data sets without are scored by their own stated answer.</summary>
    public string AnswerColumn { get; init; } = "answer";

    /// <summary>The column of the text after the chain, where the stated answer is looked for first; may be missing.</summary>
    public string SolutionColumn { get; init; } = "solution";

    /// <summary>The Boolean column that is false for cut-off traces; may be missing.</summary>
    public string CompleteColumn { get; init; } = "complete";

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>, naming the option.</exception>
    public void Validate()
    {
        if (!(Ratio is >= 0 and <= 1)) throw Invalid($"ratio is {Ratio}; it must be from 0 to 1");
        if (!Prefix.Contains("{question}", StringComparison.Ordinal)) throw Invalid("prefix lacks {question}, so the question would "
            + "not be in the context");
        if (Scope == PruningScope.Corpus && Method == PruningMethod.Rule) throw Invalid("scope: corpus needs scores, which method: "
            + "rule has not");
    }

    private static PipelineException Invalid(string what) => new(ErrorCode.Configuration, $"PruneByPerplexity: {what}.");
}
