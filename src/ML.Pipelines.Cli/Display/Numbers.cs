using System.Globalization;

namespace ML.Pipelines.Cli.Display;

/// <summary>Numbers for people, the same in every culture.</summary>
internal static class Numbers
{
    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A part of a whole in percent; '-' of nothing.</summary>
    public static string Share(long part, long whole) =>
        whole == 0 ? "-" : string.Create(CultureInfo.InvariantCulture, $"{100.0 * part / whole:0.0} %");

    /// <summary>A difference, with its sign.</summary>
    public static string Signed(double difference) => difference.ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture);

    /// <summary>A cost in the currency of its prices; unknown where there is no price.</summary>
    public static string Cost(decimal? cost) => cost?.ToString("N2", CultureInfo.InvariantCulture) ?? "unknown";

    /// <summary>A duration, coarser the longer it is.</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
        { TotalHours: < 1 } => $"{time.Minutes} min {time.Seconds} s",
        _ => $"{Count((long)time.TotalHours)} h {time.Minutes} min",
    };
}
