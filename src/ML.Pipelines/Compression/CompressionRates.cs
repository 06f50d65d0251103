using System.Globalization;
using Microsoft.ML.Data;
using ML.Pipelines.Formatting;
using ML.Pipelines.Rewriting;
using ML.Pipelines.Stages;

namespace ML.Pipelines.Compression;

/// <summary>The rates that chains are compressed at, and the columns that come of them.</summary>
internal static class CompressionRates
{
    /// <summary>What is wrong with rates in a layout; null: nothing.</summary>
    public static string? Fault(IReadOnlyList<double> rates, RateLayout layout)
    {
        if (rates.FirstOrDefault(rate => !(rate is > 0 and < 1)) is not 0 and var wrong)
            return string.Create(CultureInfo.InvariantCulture, $"a rate is {wrong}; it must be above 0 and below 1");
        if (rates.Distinct().Count() != rates.Count) return "a rate is listed twice";
        if (layout == RateLayout.Rows) return null;
        return rates.CountBy(Percent).FirstOrDefault(name => name.Value > 1) is { Value: > 0 } twice
            ? $"layout columns has two rates for the column {Column(rates.First(rate => Percent(rate) == twice.Key))}; leave one out" : null;
    }

    /// <summary>Whether a fallback has a place in a layout: with columns the row's own chain stays, and a pruned one has no column.</summary>
    public static bool Fits(RateLayout layout, ShorteningFallback fallback) => layout == RateLayout.Rows || fallback != ShorteningFallback.Prune;

    /// <summary>What to say of a fallback that does not fit.</summary>
    public const string FallbackFault = "prune has no place with layout columns, where the row keeps its own chain; take keep-original or drop";

    /// <summary>The rates as a stage takes them: none is one that asks for as much as possible.</summary>
    public static IReadOnlyList<double?> OrMost(IReadOnlyList<double> rates) => rates.Count == 0 ? [null] : [.. rates.Select(rate => (double?)rate)];

    /// <summary>The columns beside those of all stages.</summary>
    public static IEnumerable<OutputColumn<ShortenedRow>> Outputs(IReadOnlyList<double> rates, RateLayout layout)
    {
        if (layout == RateLayout.Columns)
            return OrMost(rates).Select((rate, i) => OutputColumn<ShortenedRow>.Text(Column(rate), row => row.Shorter[i], nullable: true));
        return rates.Count == 0 ? [] : [OutputColumn<ShortenedRow>.Create("rate", NumberDataViewType.Double, row => row.Rate!.Value)];
    }

    private static string Column(double? rate) => CompressedColumns.NameOf(rate is { } share ? Percent(share) : null);

    private static decimal Percent(double rate) => Math.Round(100 * (decimal)rate, MidpointRounding.AwayFromZero);
}
