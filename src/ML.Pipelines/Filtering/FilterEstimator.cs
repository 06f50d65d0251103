using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;
using ML.Pipelines.Stages;

namespace ML.Pipelines.Filtering;

/// <summary>Drops rows by a rule, each with its reason; all columns ride along.</summary>
/// <remarks>
/// <list type="table">
/// <item><term>Looks at data in Fit</term><description>deduplication reads all rows once; the others do
/// not</description></item>
/// <item><term>Input columns</term><description>text, see the catalog's method</description></item>
/// <item><term>Output columns</term><description>none are added</description></item>
/// </list>
/// </remarks>
public sealed class FilterEstimator : StageEstimator<FilterRow, FilterRow>
{
    private readonly RowFilter _filter;

    internal FilterEstimator(StageContext context, RowFilter filter) : base(context) => _filter = filter;

    private protected override IEnumerable<(string Name, string Option)> RequiredColumns => _filter.Required;

    private protected override IEnumerable<(string Name, DataViewType Type)> OutputTypes => [];

    private protected override StageBinding<FilterRow, FilterRow> Bind(IDataView input) => new()
    {
        Stage = new FilterStage(_filter.Name, _filter.Fit(input, Inputs, Context)),
        Inputs = Inputs,
        Read = _filter.Read,
        RowId = row => row.Id,
        Outputs = _ => [],
    };

    private DataViewSchema.Column[] Inputs(DataViewSchema schema) =>
    [
        .. _filter.Required.Select(column => Columns.Get(schema, column.Name, column.Option)),
        .. Columns.Existing(schema, _filter.Optional),
    ];
}

/// <summary>A filter: what it reads and what it drops.</summary>
internal sealed record RowFilter
{
    /// <summary>The stage's name.</summary>
    public required string Name { get; init; }

    /// <summary>The columns that must be there, with the option that names each.</summary>
    public required IReadOnlyList<(string Name, string Option)> Required { get; init; }

    /// <summary>Columns that may be missing.</summary>
    public IReadOnlyList<string> Optional { get; init; } = [];

    /// <summary>Makes a function that reads the row a cursor stands on.</summary>
    public required Func<DataViewRow, Func<FilterRow>> Read { get; init; }

    /// <summary>Learns from a data set what it must and gives the rule: why a row is dropped, or null.</summary>
    public required Func<IDataView, Func<DataViewSchema, DataViewSchema.Column[]>, StageContext, Func<FilterRow, string?>> Fit
    {
        get;
        init;
    }
}

/// <summary>Drops rows by a rule.</summary>
internal sealed class FilterStage(string name, Func<FilterRow, string?> reason) : IStage<FilterRow, FilterRow>
{
    public string Name => name;

    public ValueTask<IReadOnlyList<StageOutcome<FilterRow>>> ProcessAsync(
        IReadOnlyList<FilterRow> rows, CancellationToken cancellationToken)
    {
        var outcomes = new StageOutcome<FilterRow>[rows.Count];
        for (var i = 0; i < rows.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            outcomes[i] = reason(rows[i]) is { } why ? StageOutcome<FilterRow>.Dropped(why) : StageOutcome<FilterRow>.Kept(rows[i]);
        }
        return new(outcomes);
    }
}
