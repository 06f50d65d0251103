using System.Text.Json;
using Microsoft.ML;
using ML.Pipelines.Data;
using ML.Pipelines.Stages;

namespace ML.Pipelines.Filtering;

/// <summary>Options of <c>DeduplicateFuzzily</c> and <c>Decontaminate</c>.</summary>
public sealed record FuzzyFilterOptions
{
    /// <summary>The least normalised indel ratio, 100 x 2 x LCS / (length + length), of texts that are the same; above 0, up to
    /// 100.</summary>
    public decimal Ratio { get; init; } = 95;

    /// <summary>The column of row ids; where it is not there, the row's number serves.</summary>
    public string IdColumn { get; init; } = "id";

    /// <summary>Checks the range.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>.</exception>
    public void Validate()
    {
        if (Ratio is <= 0 or > 100)
            throw new PipelineException(ErrorCode.Configuration, $"ratio is {Ratio}; it must be above 0 and at most 100.");
    }
}

/// <summary>Filters by the similarity of texts.</summary>
public static class FuzzyFilters
{
    /// <summary>The drop reason of rows that are like an earlier one that stays.</summary>
    public const string NearDuplicate = "near-duplicate";

    /// <summary>The drop reason of rows that are like a reference.</summary>
    public const string Contaminated = "contaminated";

    /// <summary>The normalised indel ratio of two texts in code points, 100 x 2 x LCS / (length + length); 100 for two empty
    /// ones.</summary>
    /// <param name="a">A text.</param>
    /// <param name="b">The other.</param>
    /// <returns>0 to 100.</returns>
    public static double Ratio(string a, string b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        var (first, second) = (new SimilarityText(a), new SimilarityText(b));
        var sum = first.Length + second.Length;
        return sum == 0 ? 100 : 200.0 * first.Subsequence(second) / sum;
    }

    /// <summary>The texts of a column of a JSON Lines file, for example of a benchmark's questions; nulls are left out.</summary>
    /// <param name="path">The file.</param>
    /// <param name="column">The column.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.FileNotFound"/>, <see cref="ErrorCode.InvalidJson"/>, or
    /// <see cref="ErrorCode.MissingColumn"/>: a row has no such text.</exception>
    public static IReadOnlyList<string> ReadReferences(string path, string column)
    {
        ArgumentNullException.ThrowIfNull(column);
        if (!File.Exists(path))
            throw new PipelineException(ErrorCode.FileNotFound, $"The file of references {path} is not there. Name another.");
        var number = 0;
        var texts = new List<string>();
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line) && Reference(line, column, $"{path}, line {number}") is { } text) texts.Add(text);
        }
        return texts;
    }

    internal static RowFilter Deduplication(string column, FuzzyFilterOptions options) => new()
    {
        Name = "deduplicate",
        Required = [(column, "inputColumnName")],
        Optional = [options.IdColumn],
        Read = row => FilterRow.Reader(row, options.IdColumn, column, "inputColumnName"),
        Fit = (input, columns, context) =>
        {
            var duplicates = Learned(input, columns, context, column, options).ToHashSet(StringComparer.Ordinal);
            return row => duplicates.Contains(row.Id) ? NearDuplicate : null;
        },
    };

    internal static RowFilter Decontamination(string column, IEnumerable<string> references, FuzzyFilterOptions options)
    {
        var index = new SimilarityIndex(options.Ratio);
        foreach (var reference in references) index.Add(new(reference));
        return new()
        {
            Name = "decontaminate",
            Required = [(column, "inputColumnName")],
            Optional = [options.IdColumn],
            Read = row => FilterRow.Reader(row, options.IdColumn, column, "inputColumnName"),
            Fit = (_, _, _) => row => index.FirstSimilar(new(row.Text)) is null ? null : Contaminated,
        };
    }

    private static string[] Learned(
        IDataView input, Func<DataViewSchema, DataViewSchema.Column[]> columns, StageContext context, string column,
        FuzzyFilterOptions options)
    {
        return context.Fitted is { } fitted ? fitted.GetOrLearn($"deduplicate.{column}", Learn) : Learn();

        string[] Learn()
        {
            using var cursor = input.GetRowCursor(Nulls.WithCompanions(input.Schema, columns(input.Schema)));
            var read = FilterRow.Reader(cursor, options.IdColumn, column, "inputColumnName");
            return [.. Duplicates(Rows(cursor, read, context.CancellationToken), options)];
        }
    }

    private static IEnumerable<FilterRow> Rows(DataViewRowCursor cursor, Func<FilterRow> read, CancellationToken cancellationToken)
    {
        while (cursor.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return read();
        }
    }

    // What goes is told by its id, so that each slice of a run drops the same rows.
    private static IEnumerable<string> Duplicates(IEnumerable<FilterRow> rows, FuzzyFilterOptions options)
    {
        var (kept, ids) = (new SimilarityIndex(options.Ratio), new HashSet<string>(StringComparer.Ordinal));
        foreach (var row in rows)
        {
            if (!ids.Add(row.Id))
                throw new PipelineException(ErrorCode.DuplicateId,
                    $"Two rows have the id '{row.Id}': deduplication could not tell which of them to drop. Name a column of unique ids.");
            var text = new SimilarityText(row.Text);
            if (kept.FirstSimilar(text) is null) kept.Add(text);
            else yield return row.Id;
        }
    }

    private static string? Reference(string line, string column, string place)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(column, out var value)
                && value.ValueKind is JsonValueKind.String or JsonValueKind.Null
                ? value.GetString()
                : throw new PipelineException(ErrorCode.MissingColumn, $"{place}: there is no text '{column}'. Name another column.");
        }
        catch (JsonException fault)
        {
            throw new PipelineException(ErrorCode.InvalidJson, $"{place}: not a JSON object: {fault.Message}", fault);
        }
    }
}
