using System.Globalization;

namespace ML.Pipelines.Compression;

/// <summary>How a row came to its rate.</summary>
public enum RateSource
{
    /// <summary>Models that did not see the row answered it correctly often enough at this rate, and at none above.</summary>
    Predicted = 0,

    /// <summary>No rate was enough: the row's lowest rate.</summary>
    Lowest = 1,

    /// <summary>The row was never predicted: it has no question or answer, or no other row was open with it. Its lowest rate.</summary>
    Unchecked = 2,

    /// <summary>The row has no chain at any rate.</summary>
    None = 3,
}

/// <summary>What was decided for a row.</summary>
/// <param name="Source">How.</param>
/// <param name="Rate">The rate; null where there is no chain.</param>
/// <param name="Correct">Correct predictions at this rate.</param>
/// <param name="Predictions">Predictions at this rate.</param>
public sealed record RateDecision(RateSource Source, double? Rate, int Correct, int Predictions)
{
    /// <summary>The source as data columns have it.</summary>
    public string SourceName => Source.ToString().ToLowerInvariant();

    /// <summary>The decision in a line, as plans keep it; there is one for every row.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{SourceName} {Rate:R} {Correct} {Predictions}");

    /// <summary>Reads <see cref="ToString"/>'s line.</summary>
    internal static RateDecision Parse(string line)
    {
        var parts = line.Split(' ');
        return new(Enum.Parse<RateSource>(parts[0], ignoreCase: true),
            parts[1].Length == 0 ? null : double.Parse(parts[1], CultureInfo.InvariantCulture),
            int.Parse(parts[2], CultureInfo.InvariantCulture), int.Parse(parts[3], CultureInfo.InvariantCulture));
    }
}

/// <summary>What a rate is selected by.</summary>
/// <param name="Id">The row's id.</param>
/// <param name="Question">The question.</param>
/// <param name="Answer">The answer.</param>
/// <param name="Chains">The chains from the highest rate to the lowest; null: none at that rate.</param>
public sealed record RateRow(string Id, string Question, string Answer, IReadOnlyList<string?> Chains);

/// <summary>The chain that a row goes on with.</summary>
/// <param name="Text">The chain; null where the row has none.</param>
/// <param name="Decision">How it was chosen.</param>
public sealed record SelectedChain(string? Text, RateDecision Decision);
