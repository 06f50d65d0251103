using ML.Pipelines.Formatting;
using ML.Pipelines.Rewriting;

namespace ML.Pipelines.Compression;

/// <summary>Where the chains of a rate are.</summary>
/// <param name="Rate">The share of words that was taken out, above 0 and below 1.</param>
/// <param name="Column">The column of chains; null or blank text: the row has none at this rate.</param>
public sealed record RateColumn(double Rate, string Column);

/// <summary>Options of <c>SelectCompressionRate</c>.</summary>
public sealed record RateSelectionOptions
{
    /// <summary>The rates, in any order; they are tried from the highest to the lowest.</summary>
    public required IReadOnlyList<RateColumn> Rates { get; init; }

    /// <summary>Into how many parts the open rows of a rate are divided, at least 2; fewer where there are fewer rows.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>How often a row is predicted at a rate, each time from another division and seed, at least 1.</summary>
    public int Repeats { get; init; } = 3;

    /// <summary>How many of the predictions must be correct for the row to stay at the rate, 1 to <see cref="Repeats"/>.</summary>
    public int Needed { get; init; } = 1;

    /// <summary>Seeds divisions and trainings; each repeat adds its number.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The column of questions.</summary>
    public string QuestionColumn { get; init; } = "question";

    /// <summary>The column of answers.</summary>
    public string AnswerColumn { get; init; } = "answer";

    /// <summary>The column of row ids, for messages; where it is not there, the row's number serves.</summary>
    public string IdColumn { get; init; } = "id";

    /// <summary>The condition texts of training and prediction.</summary>
    public ConditionTexts Texts { get; init; } = new();

    /// <summary>The most trainings that Fit makes: rates x repeats x folds.</summary>
    public int MostTrainings => Rates.Count * Repeats * Folds;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>, naming the option.</exception>
    public void Validate()
    {
        if (Rates.Count == 0) throw Invalid("no rate is given");
        if (CompressionRates.Fault([.. Rates.Select(rate => rate.Rate)], RateLayout.Rows) is { } fault) throw Invalid(fault);
        if (Folds < 2) throw Invalid($"folds is {Folds}; a part to predict and another to train on need at least 2");
        if (Repeats < 1) throw Invalid($"repeats is {Repeats}; it must be at least 1");
        if (Needed < 1 || Needed > Repeats) throw Invalid($"needed is {Needed}; it must be from 1 to repeats, {Repeats}");
    }

    private static PipelineException Invalid(string what) => new(ErrorCode.Configuration, $"SelectCompressionRate: {what}.");
}
