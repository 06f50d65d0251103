using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;
using ML.Pipelines.Traces;

namespace ML.Pipelines.Tests.Traces;

/// <summary>Rows in JSON Lines files and the traces they become.</summary>
internal sealed class TraceData : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("traces").FullName;

    public MLContext Context { get; } = new(seed: 1);

    public Rejects Rejects { get; } = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public RecordDataView Load(params string[] rows)
    {
        var path = Path.Combine(_folder, $"{Guid.NewGuid():n}.jsonl");
        File.WriteAllLines(path, rows);
        return Context.Data.LoadFromJsonLines(path);
    }

    public TraceAdaptingEstimator Adapter(TraceOptions? options = null) => Context.TrainingSets(Rejects).AdaptTraces(options);

    public IDataView Adapt(IDataView data, TraceOptions? options = null) => Adapter(options).Fit(data).Transform(data);

    public List<ReasoningTrace> Traces(IDataView data, TraceOptions? options = null) => Read(Adapt(data, options));

    public ReasoningTrace Trace(string row, TraceOptions? options = null)
    {
        var traces = Traces(Load(row), options);
        return traces.Count == 1 ? traces[0] : throw new AssertFailedException(string.Join("; ", Rejects.Rows.Values));
    }

    public PipelineException Fault(string row, TraceOptions? options = null)
    {
        var data = Load(row);
        return Assert.ThrowsExactly<PipelineException>(() => Adapter(options).Fit(data));
    }

    public static List<ReasoningTrace> Read(IDataView view)
    {
        using var cursor = view.GetRowCursor(view.Schema);
        var texts = TraceColumns.All.Where(name => name != TraceColumns.Complete)
            .ToDictionary(name => name, name => Columns.TextOrNull(cursor, view.Schema[name]));
        var complete = Columns.Value<bool>(cursor, view.Schema[TraceColumns.Complete]);
        var traces = new List<ReasoningTrace>();
        while (cursor.MoveNext())
            traces.Add(new ReasoningTrace
            {
                Id = texts["id"]()!,
                Source = texts["source"](),
                Question = texts["question"]()!,
                Reasoning = texts["reasoning"]()!,
                Solution = texts["solution"](),
                Answer = texts["answer"](),
                System = texts["system"](),
                Complete = complete(),
            });
        return traces;
    }

    public static List<T> Values<T>(IDataView view, string column) => [.. view.GetColumn<T>(view.Schema[column])];

    public static string[] ColumnNames(IDataView view) => [.. Columns.Names(view.Schema)];
}

/// <summary>Keeps what leaves a data set, each row once.</summary>
internal sealed class Rejects : IRejectSink
{
    public Dictionary<DataViewRowId, (RejectedRow Row, RowError Error)> Rows { get; } = [];

    public (RejectedRow Row, RowError Error) Only => Rows.Values.Single();

    public void Dropped(RejectedRow row, string reason) => Assert.Fail($"{row} dropped: {reason}");

    public void Quarantined(RejectedRow row, RowError error) => Rows[row.Source] = (row, error);
}
