using Microsoft.ML;
using ML.Pipelines.Data;

namespace ML.Pipelines.Filtering;

/// <summary>Options of <c>FilterCodeSources</c>.</summary>
public sealed record CodeSourceOptions
{
    /// <summary>The column of problem descriptions.</summary>
    public string DescriptionColumn { get; init; } = "description";

    /// <summary>The column of tests: a list of text or of structs, or text (JSON).</summary>
    public string TestsColumn { get; init; } = "test_cases";

    /// <summary>The column of a judge's verdicts on the row's solution.</summary>
    public string VerdictColumn { get; init; } = "verdict";

    /// <summary>The verdict of accepted solutions.</summary>
    public string Verdict { get; init; } = "OK";

    /// <summary>The shortest description, in code points; at least 0. Default 200.</summary>
    public int MinDescriptionLength { get; init; } = 200;

    /// <summary>The column of row ids; where it is not there, the row's number serves.</summary>
    public string IdColumn { get; init; } = "id";
}

/// <summary>Which programming problems can train (small-thoughts of DAP / LiteCoT): those that text alone describes, with tests and an
/// accepted solution.</summary>
public static class CodeSourceFilter
{
    private static readonly string[] NoTests = ["", "[]", "{}", "null"];

    /// <summary>Why a problem is dropped, by the first of these rules, or null: <c>short-description</c>; <c>holds-link</c> ("http://",
    /// whatever its case); <c>mentions-image</c> ("[image]"); <c>no-tests</c>; <c>wrong-verdict</c>.</summary>
    /// <param name="description">The problem's description.</param>
    /// <param name="hasTests">Whether it has tests.</param>
    /// <param name="verdict">The verdict on its solution, or null.</param>
    /// <param name="options">Length and verdict; null for the defaults.</param>
    public static string? DropReason(string description, bool hasTests, string? verdict, CodeSourceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(description);
        options ??= new();
        if (description.EnumerateRunes().Count() < options.MinDescriptionLength) return "short-description";
        if (description.Contains("http://", StringComparison.OrdinalIgnoreCase)) return "holds-link";
        if (description.Contains("[image]", StringComparison.OrdinalIgnoreCase)) return "mentions-image";
        if (!hasTests) return "no-tests";
        return verdict == options.Verdict ? null : "wrong-verdict";
    }

    internal static RowFilter Filter(CodeSourceOptions options) => new()
    {
        Name = "code-sources",
        Required =
        [
            (options.DescriptionColumn, "descriptionColumn"), (options.TestsColumn, "testsColumn"),
            (options.VerdictColumn, "verdictColumn"),
        ],
        Optional = [options.IdColumn],
        Read = row =>
        {
            var read = FilterRow.Reader(row, options.IdColumn, options.DescriptionColumn, "descriptionColumn");
            var tests = HasTests(row, Columns.Get(row.Schema, options.TestsColumn, "testsColumn"));
            var verdict = Columns.TextOrNull(row, Columns.Get(row.Schema, options.VerdictColumn, "verdictColumn"));
            return () => read() with { HasTests = tests(), Verdict = verdict() };
        },
        Fit = (_, _, _) => row => DropReason(row.Text, row.HasTests, row.Verdict, options),
    };

    private static Func<bool> HasTests(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is not StructListDataViewType structs)
        {
            var texts = Columns.Texts(row, column, "testsColumn");
            return () => texts().Any(text => !NoTests.Contains(text.Trim()));
        }
        var (getter, value) = (structs.GetStructs(row, column), Array.Empty<StructValue?>());
        return () =>
        {
            getter(ref value);
            return Array.Exists(value, test => test is not null);
        };
    }
}
