using Microsoft.ML;
using ML.Pipelines.Data;
using ML.Pipelines.Stages;
using ML.Pipelines.Tests.Data;

namespace ML.Pipelines.Tests.Stages;

/// <summary>A stage over the column Number that does what a test says.</summary>
internal sealed class FakeStage(FakeStage.Batch process) : IStage<int, string>
{
    private int _batches;

    public delegate Task<IReadOnlyList<StageOutcome<string>>> Batch(IReadOnlyList<int> rows, CancellationToken cancellationToken);

    public static FakeStage OneToOne => Each(number => StageOutcome<string>.Kept($"<{number}>"));

    public string Name => "fake";

    public int Batches => _batches;

    public static FakeStage Each(Func<int, StageOutcome<string>> outcome) => new((rows, _) => Task.FromResult(Outcomes(rows, outcome)));

    public static IReadOnlyList<StageOutcome<string>> Outcomes(IReadOnlyList<int> rows, Func<int, StageOutcome<string>>? outcome = null) =>
        [.. rows.Select(outcome ?? (number => StageOutcome<string>.Kept($"<{number}>")))];

    public ValueTask<IReadOnlyList<StageOutcome<string>>> ProcessAsync(IReadOnlyList<int> rows, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _batches);
        return new(process(rows, cancellationToken));
    }
}

/// <summary>Views and bindings of the fake stage.</summary>
internal static class Fake
{
    public static IDataView Rows(MLContext ml, int count) => ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(Sample.Of));

    public static StageBinding<int, string> Binding(FakeStage stage, int batchSize = 16, int inFlight = 2) => new()
    {
        Stage = stage,
        Inputs = schema => [Columns.Get(schema, "Number", "number")],
        Read = row => Columns.Value<int>(row, row.Schema["Number"]),
        RowId = number => $"row {number}",
        Outputs = _ => [OutputColumn<string>.Text("Out", text => text)],
        BatchSize = batchSize,
        BatchesInFlight = inFlight,
    };

    public static IDataView Transform(
        this StageBinding<int, string> binding, IDataView input, IRejectSink? rejects = null, CancellationToken cancellationToken = default) =>
        new StageTransformer<int, string>(binding, new StageContext(rejects ?? new RecordingRejectSink(), null, cancellationToken)).Transform(input);

    public static DataViewRowCursor Open(IDataView view, params string[] columns) => view.GetRowCursor(columns.Select(name => view.Schema[name]));
}
