using ML.Pipelines.Data;

namespace ML.Pipelines.Filtering;

/// <summary>Options of <c>FilterMathSources</c>.</summary>
public sealed record MathSourceOptions
{
    /// <summary>The column of problems.</summary>
    public string ProblemColumn { get; init; } = "problem";

    /// <summary>The column of solutions.</summary>
    public string SolutionColumn { get; init; } = "solution";

    /// <summary>The column of sources; where it is missing, or null in a row, all are taken.</summary>
    public string SourceColumn { get; init; } = "source";

    /// <summary>The sources to take; empty: all.</summary>
    public IReadOnlyList<string> Sources { get; init; } = ["amc_aime", "olympiads", "aops_forum", "math"];

    /// <summary>The longest solution, in code points; at least 1. Default 2048.</summary>
    public int MaxSolutionLength { get; init; } = 2048;

    /// <summary>The column of row ids; where it is not there, the row's number serves.</summary>
    public string IdColumn { get; init; } = "id";
}

/// <summary>Which competition problems can train (small-thoughts of DAP / LiteCoT): those with a short solution, a boxed answer and
/// no picture.</summary>
public static class MathSourceFilter
{
    private static readonly (string Term, string Reason)[] Terms =
    [
        ("figure", "mentions-figure"), ("diagram", "mentions-diagram"), ("jpeg", "mentions-jpeg"), ("png", "mentions-png"),
        ("jpg", "mentions-jpg"), ("svg", "mentions-svg"), ("answer:", "holds-answer"),
    ];

    /// <summary>Why a problem is dropped, by the first of these rules, or null: <c>other-source</c>; a term in the problem, whatever its
    /// case: <c>mentions-figure</c>, <c>-diagram</c>, <c>-jpeg</c>, <c>-png</c>, <c>-jpg</c>, <c>-svg</c>, <c>holds-answer</c> ("answer:");
    /// <c>several-parts</c> (starts with "a)" and has "b)"); <c>no-solution</c>; <c>long-solution</c>; <c>proof</c> (an empty box);
    /// <c>no-box</c>.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="solution">The solution, or null.</param>
    /// <param name="source">The source, or null.</param>
    /// <param name="options">Sources and length; null for the defaults.</param>
    public static string? DropReason(string problem, string? solution, string? source = null, MathSourceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(problem);
        options ??= new();
        if (source is not null && options.Sources.Count > 0 && !options.Sources.Contains(source)) return "other-source";
        var lower = problem.ToLowerInvariant();
        if (Array.Find(Terms, term => lower.Contains(term.Term, StringComparison.Ordinal)).Reason is { } reason) return reason;
        if (lower.StartsWith("a)", StringComparison.Ordinal) && lower.Contains("b)", StringComparison.Ordinal)) return "several-parts";
        return SolutionReason(solution, options.MaxSolutionLength);
    }

    private static string? SolutionReason(string? solution, int maxLength)
    {
        if (string.IsNullOrEmpty(solution)) return "no-solution";
        if (solution.EnumerateRunes().Count() > maxLength) return "long-solution";
        if (solution.Contains(@"\boxed{}", StringComparison.Ordinal)) return "proof";
        return solution.Contains(@"\boxed{", StringComparison.Ordinal) ? null : "no-box";
    }

    internal static RowFilter Filter(MathSourceOptions options) => new()
    {
        Name = "math-sources",
        Required = [(options.ProblemColumn, "problemColumn"), (options.SolutionColumn, "solutionColumn")],
        Optional = [options.IdColumn, options.SourceColumn],
        Read = row =>
        {
            var read = FilterRow.Reader(row, options.IdColumn, options.ProblemColumn, "problemColumn");
            var solution = Columns.TextOrNull(row, Columns.Get(row.Schema, options.SolutionColumn, "solutionColumn"));
            var source = Columns.OptionalText(row, options.SourceColumn);
            return () => read() with { Solution = solution(), Source = source() };
        },
        Fit = (_, _, _) => row => DropReason(row.Text, row.Solution, row.Source, options),
    };
}
