using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML;
using ML.Pipelines.Data;
using ML.Pipelines.Stages;

namespace ML.Pipelines.Filtering;

/// <summary>Options of <c>SampleRows</c>.</summary>
public sealed record RowSampleOptions
{
    /// <summary>The most rows to keep, of each group; at least 1.</summary>
    public required int Count { get; init; }

    /// <summary>The column of groups, for example of topics; null: all rows are one group.</summary>
    public string? GroupColumn { get; init; }

    /// <summary>Seeds the choice, together with the row's id.</summary>
    public int Seed { get; init; } = 42;

    /// <summary>The column of row ids; where it is not there, the row's number serves.</summary>
    public string IdColumn { get; init; } = "id";

    /// <summary>Checks the range.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>.</exception>
    public void Validate()
    {
        if (Count < 1) throw new PipelineException(ErrorCode.Configuration, $"SampleRows: count is {Count}; it must be 1 or more.");
    }
}

/// <summary>A random choice of rows, the same for any order of rows that have ids of their own.</summary>
/// <remarks>A row's place is the SHA-256 of seed and id; the lowest stay. One pass in Fit, which holds no more than the rows that
/// stay.</remarks>
public static class RowSample
{
    /// <summary>The drop reason of rows that were not chosen.</summary>
    public const string NotChosen = "not-chosen";

    /// <summary>The drop reason of rows whose group is null or blank.</summary>
    public const string NoGroup = "no-group";

    internal static RowFilter Filter(RowSampleOptions options) => new()
    {
        Name = "sample-rows",
        Required = options.GroupColumn is { } group ? [(group, "groupColumn")] : [],
        Optional = [options.IdColumn],
        Read = row => Reader(row, options),
        Fit = (input, columns, context) =>
        {
            var chosen = Learned(input, columns, context, options).ToHashSet(StringComparer.Ordinal);
            return row => IsLost(row, options) ? NoGroup : chosen.Contains(row.Number!) ? null : NotChosen;
        },
    };

    private static bool IsLost(FilterRow row, RowSampleOptions options) =>
        options.GroupColumn is not null && string.IsNullOrWhiteSpace(row.Text);

    private static Func<FilterRow> Reader(DataViewRow row, RowSampleOptions options)
    {
        var id = Columns.RowId(row, options.IdColumn);
        var group = options.GroupColumn is { } name ? Columns.TextOrEmpty(row, Columns.Get(row.Schema, name, "groupColumn")) : () => "";
        var number = RowParts.TextReader(row);
        return () => new(id(), group(), Number: number());
    }

    private static string[] Learned(
        IDataView input, Func<DataViewSchema, DataViewSchema.Column[]> columns, StageContext context, RowSampleOptions options)
    {
        var key = string.Create(CultureInfo.InvariantCulture,
            $"sample.{options.GroupColumn}.{options.Count}.{options.Seed}.{options.IdColumn}");
        return context.Fitted is { } fitted ? fitted.GetOrLearn(key, Learn) : Learn();

        string[] Learn()
        {
            using var cursor = input.GetRowCursor(Nulls.WithCompanions(input.Schema, columns(input.Schema)));
            var (read, groups) = (Reader(cursor, options), new Dictionary<string, PriorityQueue<string, UInt128>>(StringComparer.Ordinal));
            while (cursor.MoveNext())
            {
                context.CancellationToken.ThrowIfCancellationRequested();
                context.Learned?.Invoke();
                if (read() is var row && !IsLost(row, options)) Add(groups, row, options);
            }
            return [.. groups.Values.SelectMany(group => group.UnorderedItems).Select(row => row.Element).Order(StringComparer.Ordinal)];
        }
    }

    // The queue gives up its lowest priority first, so that is the complement of the place.
    private static void Add(Dictionary<string, PriorityQueue<string, UInt128>> groups, FilterRow row, RowSampleOptions options)
    {
        if (!groups.TryGetValue(row.Text, out var group)) groups[row.Text] = group = new();
        var priority = ~Place(options.Seed, row.Id);
        if (group.Count < options.Count) group.Enqueue(row.Number!, priority);
        else group.EnqueueDequeue(row.Number!, priority);
    }

    private static UInt128 Place(int seed, string id) => BinaryPrimitives.ReadUInt128BigEndian(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seed}\n{id}"))));
}
