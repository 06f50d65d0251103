using System.Globalization;

namespace ML.Pipelines.Formatting;

/// <summary>Where a data set's compressed chains are: as options name them, else as compression into columns does.</summary>
/// <param name="Short">The column of chains compressed without a rate, or null.</param>
/// <param name="Levels">The columns of levels, 1 to 6.</param>
internal sealed record CompressedColumns(string? Short, IReadOnlyList<(string Name, int Level)> Levels)
{
    private const string ShortName = "short";

    /// <summary>The columns that a data set with these names has.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.MissingColumn"/>: there is none; <see cref="ErrorCode.Configuration"/>: one
    /// has a rate that no level has.</exception>
    public static CompressedColumns Of(IReadOnlyList<string> names, ConditionedOptions options)
    {
        if (options.ShortColumn is not null || options.LevelColumns.Count > 0)
            return new(options.ShortColumn, [.. options.LevelColumns.Select((name, i) => (name, i + 1))]);
        if (names.Contains(ShortName)) return new(ShortName, []);
        var levels = names.Where(name => Percent(name) is not null).Select(name => (name, Level: Level(name)))
            .OrderBy(column => column.Level);
        return levels.ToArray() is { Length: > 0 } found ? new(null, found) : throw new PipelineException(ErrorCode.MissingColumn,
            $"There is no column of compressed chains, neither {ShortName} nor {ShortName}_50, {ShortName}_60 and so on. Columns: "
                + $"{string.Join(", ", names)}. Let compression write columns, or name them in shortColumn or levelColumns.");
    }

    /// <summary>All columns with the option that names each.</summary>
    public IEnumerable<(string Name, string Option)> All =>
    [
        .. Short is { } name ? [(name, "shortColumn")] : Array.Empty<(string, string)>(),
        .. Levels.Select(level => (level.Name, "levelColumns")),
    ];

    /// <summary>The column's name for chains compressed without a rate, or at a rate in percent.</summary>
    public static string NameOf(decimal? percent) =>
        percent is { } number ? string.Create(CultureInfo.InvariantCulture, $"{ShortName}_{number}") : ShortName;

    /// <summary>Whether a column has such a name.</summary>
    public static bool IsOne(string name) => name == ShortName || Percent(name) is not null;

    /// <summary>The percent of words taken out that a column's name tells: 50 of <c>short_50</c>; null: it tells none.</summary>
    public static double? Percent(string name) => name.StartsWith(ShortName + "_", StringComparison.Ordinal)
        && double.TryParse(name.AsSpan(ShortName.Length + 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)
            ? percent
            : null;

    private static int Level(string name)
    {
        for (var level = 1; level <= ConditionedFormat.LevelRates.Count; level++)
            if (Percent(name) == ConditionedFormat.LevelPercent(level)) return level;
        var known = Enumerable.Range(1, ConditionedFormat.LevelRates.Count).Select(ConditionedFormat.LevelPercent);
        throw new PipelineException(ErrorCode.Configuration,
            $"Column '{name}' has chains of a rate that no level has: levels 1 to 6 are {string.Join(", ", known)} %. Compress at these "
                + "rates, or name the columns of levels in levelColumns.");
    }
}
