namespace ML.Pipelines.Cli.Evaluation;

/// <summary>What a figure counts.</summary>
internal enum FigureUnit
{
    /// <summary>0 to 1.</summary>
    Fraction = 0,

    /// <summary>How many.</summary>
    Number = 1,

    /// <summary>Bits a character.</summary>
    Bits = 2,

    /// <summary>1 or more.</summary>
    Perplexity = 3,
}

/// <summary>A figure of a model.</summary>
/// <param name="Part">The part of the evaluation.</param>
/// <param name="Group">Of what, e.g. "copy, words".</param>
/// <param name="Name">What was measured.</param>
/// <param name="Value">The figure; NaN where there is nothing to measure.</param>
/// <param name="Count">Over how many rows, tokens or characters.</param>
internal sealed record EvaluationFigure(string Part, string Group, string Name, double Value, long Count)
{
    /// <summary>The unit of value, range, chance and baseline.</summary>
    public FigureUnit Unit { get; init; }

    /// <summary>The seed of the rows; null for all of them.</summary>
    public int? Seed { get; init; }

    /// <summary>The lowest value over seeds.</summary>
    public double? Minimum { get; init; }

    /// <summary>The highest value over seeds.</summary>
    public double? Maximum { get; init; }

    /// <summary>What guessing gives.</summary>
    public double? Chance { get; init; }

    /// <summary>What the part's simple rule gives.</summary>
    public double? Baseline { get; init; }
}
