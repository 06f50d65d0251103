using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;
using ML.Pipelines.Pruning;
using ML.Pipelines.Stages;

namespace ML.Pipelines.Runs;

/// <summary>A row of evidence: one step of one trace with the numbers behind its decision (schema <c>step-evidence</c>).</summary>
/// <param name="TraceId">The trace's id.</param>
/// <param name="Index">The step's index in the trace.</param>
/// <param name="Step">The step.</param>
public sealed record StepEvidence(string TraceId, int Index, ReasoningStep Step)
{
    private static readonly OutputColumn<StepEvidence>[] Columns =
    [
        OutputColumn<StepEvidence>.Text("trace_id", row => row.TraceId),
        Integer("step", row => row.Index), Integer("start", row => row.Step.Start), Integer("end", row => row.Step.End),
        OutputColumn<StepEvidence>.Text("category", row => StepNames.Of(row.Step.Category!.Value)),
        OutputColumn<StepEvidence>.Text("marker", row => row.Step.Marker, nullable: true),
        Integer("tokens", row => row.Step.Tokens ?? 0),
        Number("importance", row => row.Step.Importance),
        OutputColumn<StepEvidence>.Create("rank", NumberDataViewType.Int32, row => row.Step.Rank ?? 0, row => row.Step.Rank is null),
        Number("threshold", row => row.Step.Threshold),
        OutputColumn<StepEvidence>.Text("decision", row => StepNames.Of(row.Step.Decision!.Value)),
        OutputColumn<StepEvidence>.Text("note", row => row.Step.Note, nullable: true),
    ];

    /// <summary>The evidence of all rows of a view.</summary>
    internal static IReadOnlyList<StepEvidence> Read(IDataView data, string idColumn, string stepsColumn)
    {
        var evidence = new List<StepEvidence>();
        var (id, steps) = (Data.Columns.Get(data.Schema, idColumn, "idColumn"), StepColumns.Steps(data.Schema, stepsColumn));
        using var cursor = data.GetRowCursor([id, steps]);
        var (readId, readSteps) = (Data.Columns.TextOrEmpty(cursor, id), Data.Columns.Value<IReadOnlyList<ReasoningStep>>(cursor, steps));
        while (cursor.MoveNext())
        {
            var traceId = readId();
            evidence.AddRange(readSteps().Select((step, index) => new StepEvidence(traceId, index, step)));
        }
        return evidence;
    }

    /// <summary>Evidence as a view to be written.</summary>
    internal static IDataView ToDataView(IReadOnlyList<StepEvidence> rows) => new RowsDataView<StepEvidence>(rows, Columns);

    /// <summary>The evidence of a run, in order.</summary>
    /// <param name="folder">The run's output folder.</param>
    /// <param name="format">The format of its shards.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.EvidenceMismatch"/>: the run has none.</exception>
    public static IEnumerable<StepEvidence> Load(RunFolder folder, IShardFormat format)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(format);
        var files = EvidenceFiles.Of(folder, "evidence", format.Extension);
        return files.Count > 0
            ? ReadBack(format.Read(files))
            : throw new PipelineException(ErrorCode.EvidenceMismatch, $"'{folder.Store.Location}' holds no evidence of a pruning run.");
    }

    /// <summary>Reads evidence back, in order.</summary>
    internal static IEnumerable<StepEvidence> ReadBack(RecordDataView view)
    {
        using var cursor = view.GetRowCursor(view.Schema);
        var read = Reader(cursor);
        while (cursor.MoveNext()) yield return read();
    }

    private static Func<StepEvidence> Reader(DataViewRow row)
    {
        var (id, category, decision) = (Text("trace_id"), Text("category"), Text("decision"));
        var (marker, note) = (Text("marker"), Text("note"));
        var (index, start, end, tokens) = (Value<int>("step"), Value<int>("start"), Value<int>("end"), Value<int>("tokens"));
        var (importance, rank, threshold) = (Value<double>("importance"), Value<int>("rank"), Value<double>("threshold"));
        return () => new(id()!, index()!.Value, new ReasoningStep(start()!.Value, end()!.Value)
        {
            Category = StepNames.Category(category()!),
            Marker = marker(),
            Tokens = tokens(),
            Importance = importance(),
            Rank = rank(),
            Threshold = threshold(),
            Decision = StepNames.Decision(decision()!),
            Note = note(),
        });

        Func<string?> Text(string name) => EvidenceFiles.Text(row, name);
        Func<T?> Value<T>(string name) where T : struct => EvidenceFiles.Value<T>(row, name);
    }

    private static OutputColumn<StepEvidence> Integer(string name, Func<StepEvidence, int> value) =>
        OutputColumn<StepEvidence>.Create(name, NumberDataViewType.Int32, value);

    private static OutputColumn<StepEvidence> Number(string name, Func<StepEvidence, double?> value) =>
        OutputColumn<StepEvidence>.Create(name, NumberDataViewType.Double, row => value(row) ?? 0, row => value(row) is null);
}
