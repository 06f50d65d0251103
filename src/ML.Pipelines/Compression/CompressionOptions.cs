namespace ML.Pipelines.Compression;

/// <summary>How the words that go are chosen.</summary>
public enum CompressionMethod
{
    /// <summary>By self-information and, where there is an answer, by what each word does for the answer's likelihood.</summary>
    AnswerAware = 0,

    /// <summary>By self-information alone (Selective Context, arXiv 2310.06201): the answer is protected, but not asked for.</summary>
    SelfInformation = 1,

    /// <summary>At random, seeded by the row's id: a baseline, which asks no model.</summary>
    Random = 2,
}

/// <summary>How the words of a chain that go are chosen.</summary>
public record WordChoiceOptions
{
    /// <summary>How the words that go are chosen.</summary>
    public CompressionMethod Method { get; init; }

    /// <summary>
    /// The most segments that are left out in turn to learn what words do for the answer, at least 1; longer runs of words share a segment.
    /// The model reads up to this many times half the chain. Default 128.
    /// </summary>
    public int MaxSegments { get; init; } = 128;

    /// <summary>
    /// How much a nat of a word's self-information counts beside a nat per answer token of its importance: each weight makes one
    /// candidate, and the one with the most likely answer stays. Each above 0. Default 0.01, 0.001, 0.0001.
    /// </summary>
    public IReadOnlyList<double> InformationWeights { get; init; } = [1e-2, 1e-3, 1e-4];

    /// <summary>Seeds <see cref="CompressionMethod.Random"/>, together with the row's id.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Phrases whose words stay wherever they stand in a chain, compared character by character.</summary>
    public IReadOnlyList<string> ProtectedPhrases { get; init; } = [];

    /// <summary>The text before the chain in the scored context; {question} stands for the question.</summary>
    public string Prefix { get; init; } = "Question: {question}\n\n<think>\n";

    /// <summary>The text between chain and answer in the scored context.</summary>
    public string Bridge { get; init; } = "\n</think>\n\nFinal answer: ";

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>, naming the option.</exception>
    public virtual void Validate()
    {
        if (MaxSegments < 1) throw Invalid($"maxSegments is {MaxSegments}; it must be at least 1");
        if (InformationWeights.Any(weight => !(weight > 0 && double.IsFinite(weight)))) throw Invalid("informationWeights must be above 0");
        if (!Prefix.Contains("{question}", StringComparison.Ordinal)) throw Invalid("prefix lacks {question}, so the question would "
            + "not be in the context");
    }

    private protected static PipelineException Invalid(string what) => new(ErrorCode.Configuration, $"Self-information: {what}.");
}

/// <summary>Options of <c>CompressBySelfInformation</c>.</summary>
public sealed record CompressionOptions : WordChoiceOptions
{
    /// <summary>The share of words (between white space) to take out, 0 to 1: C3oT's rho, (L - l) / L. Default 0.3.</summary>
    public double Rate { get; init; } = .3;

    /// <summary>The column of row ids; where it is not there, the row's number serves.</summary>
    public string IdColumn { get; init; } = "id";

    /// <summary>The column of questions.</summary>
    public string QuestionColumn { get; init; } = "question";

    /// <summary>The column of answers; may be missing or null: then the words' self-information alone decides.</summary>
    public string AnswerColumn { get; init; } = "answer";

    /// <summary>A column of text or lists of text with phrases to protect in the row's chain; null: none.</summary>
    public string? ProtectedColumn { get; init; }

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        if (!(Rate is >= 0 and <= 1)) throw Invalid($"rate is {Rate}; it must be from 0 to 1");
    }
}
