using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;

namespace ML.Pipelines.Stages;

/// <summary>A pass of a stage over its input.</summary>
/// <remarks>Only the thread that moves the cursor touches upstream and the sink; the stage runs on the thread pool.</remarks>
internal sealed class StageCursor<TIn, TOut> : DataViewRowCursor
{
    private readonly StageDataView<TIn, TOut> _view;
    private readonly DataViewRowCursor _input;
    private readonly bool[] _active;
    private readonly Func<TIn> _read;
    private readonly ValueGetter<DataViewRowId> _inputId;
    private readonly PassThrough?[] _passThrough;
    private readonly CancellationToken _stop;
    private readonly CancellationTokenSource _cancellation;
    private readonly Queue<PendingBatch> _inFlight = new();
    private readonly Stack<object?[]> _boxes = new();
    private PendingBatch? _batch;
    private int _row = -1;
    private int _part = -1;
    private long _position = -1;
    private bool _inputDone;
    private bool _done;
    private bool _disposed;
    private ExceptionDispatchInfo? _fault;

    public StageCursor(StageDataView<TIn, TOut> view, DataViewRowCursor input, bool[] active)
    {
        _view = view;
        _input = input;
        _active = active;
        _read = view.Binding.Read(input);
        _inputId = input.GetIdGetter();
        _passThrough = [.. view.Plan.PassThrough.Select((column, i) => active[i] ? PassThrough.Create(input, column) : null)];
        _stop = view.Binding.CallsModels ? view.Context.CancellationToken : view.Context.CallToken;
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(view.Context.CallToken);
    }

    public override long Position => _position;

    public override long Batch => 0;

    public override DataViewSchema Schema => _view.Schema;

    private TOut Current => _batch!.Outcomes[_row].Rows[_part];

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    // A cursor that failed goes on failing: going on would leave out the rows of the batch that failed.
    public override bool MoveNext()
    {
        _fault?.Throw();
        try
        {
            return Advance();
        }
        catch (Exception fault)
        {
            _fault = ExceptionDispatchInfo.Capture(fault);
            if (fault is OperationCanceledException) Settle();
            throw;
        }
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) =>
        id = _batch!.Outcomes[_row].Rows.Count == 1 ? _batch.Rows[_row].Source : RowParts.IdOf(_batch.Rows[_row].Source, _part);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        RowAccess.Check<TValue>(this, column);
        var plan = _view.Plan;
        var own = column.Index - plan.PassThrough.Count;
        if (own < 0) return (ValueGetter<TValue>)_passThrough[column.Index]!.Getter(() => _batch!.Rows[_row].Boxes[column.Index]!);
        if (own < plan.Outputs.Count) return (ValueGetter<TValue>)plan.Outputs[own].Getter(() => Current);
        return (ValueGetter<TValue>)plan.Nullable[own - plan.Outputs.Count].NullGetter(() => Current);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            _cancellation.Cancel();
            Task.WhenAll(_inFlight.Select(batch => batch.Work)).ContinueWith(Forget, TaskScheduler.Default);
            _input.Dispose();
        }
        base.Dispose(disposing);
    }

    // The calls in flight are paid for: a run that stops, or whose budget is spent, waits for their replies until their own token ends them.
    private void Settle() => Task.WhenAny(Task.WhenAll(_inFlight.Select(batch => batch.Work))).GetAwaiter().GetResult();

    private bool Advance()
    {
        while (!_done)
        {
            if (_batch is not null && NextPart()) return true;
            if (NextBatch()) continue;
            _done = true;
            _position = -1;
        }
        return false;
    }

    // Batches in flight may use the token until they end; nobody waits for their exceptions any more.
    private void Forget(Task work)
    {
        _ = work.Exception;
        _cancellation.Dispose();
    }

    private bool NextPart()
    {
        _part++;
        while (_row < _batch!.Rows.Count)
        {
            if (_row >= 0 && _part < _batch.Outcomes[_row].Rows.Count)
            {
                _position++;
                return true;
            }
            _row++;
            _part = 0;
            if (_row < _batch.Rows.Count) Report(_batch.Rows[_row], _batch.Outcomes[_row]);
        }
        Recycle();
        return false;
    }

    private void Report(Row row, StageOutcome<TOut> outcome)
    {
        if (outcome.Attempts.Count > 0) _view.Context.Attempted?.Invoke(row.Source, outcome.Attempts);
        var sink = _view.Context.Rejects;
        if (outcome.Error is { } error) sink.Quarantined(Rejected(row), error);
        else if (outcome.DropReason is { } reason) sink.Dropped(Rejected(row), reason);
        else if (outcome is { IsKept: true, Rows.Count: 0 }) sink.Dropped(Rejected(row), StageOutcome<TOut>.NoRows);
        else if (!outcome.IsKept) throw Broken($"no outcome for row {_view.Binding.RowId(row.Value)}");
    }

    private PipelineException Broken(string what) => new(ErrorCode.Invariant, $"Stage '{_view.Binding.Stage.Name}' returned {what}.");

    private RejectedRow Rejected(Row row) => new(_view.Binding.Stage.Name, _view.Binding.RowId(row.Value), row.Source);

    private void Recycle()
    {
        foreach (var row in _batch!.Rows) _boxes.Push(row.Boxes);
        _batch = null;
    }

    private bool NextBatch()
    {
        while (!_inputDone && _inFlight.Count < _view.Binding.BatchesInFlight) StartBatch();
        if (!_inFlight.TryDequeue(out _batch)) return false;
        _batch.Outcomes = _batch.Work.GetAwaiter().GetResult();
        if (_batch.Outcomes.Count != _batch.Rows.Count) throw Broken($"{_batch.Outcomes.Count} outcomes for {_batch.Rows.Count} rows");
        _row = -1;
        _part = -1;
        return true;
    }

    private void StartBatch()
    {
        var rows = new List<Row>(_view.Binding.BatchSize);
        while (rows.Count < _view.Binding.BatchSize && !_inputDone)
        {
            _inputDone = !_input.MoveNext();
            if (_inputDone) break;
            // Asked to stop before the input's end, and only then: who has all rows goes on to the end.
            _stop.ThrowIfCancellationRequested();
            rows.Add(TakeRow());
        }
        if (rows.Count == 0) return;
        var values = rows.ConvertAll(row => row.Value);
        var token = _cancellation.Token;
        _inFlight.Enqueue(new PendingBatch(rows, Task.Run(async () => await _view.Binding.Stage.ProcessAsync(values, token).ConfigureAwait(false), token)));
    }

    private Row TakeRow()
    {
        var boxes = _boxes.TryPop(out var reused) ? reused : new object?[_passThrough.Length];
        for (var i = 0; i < boxes.Length; i++) boxes[i] = _passThrough[i]?.Take(boxes[i]);
        DataViewRowId id = default;
        _inputId(ref id);
        return new Row(_read(), id, boxes);
    }

    private readonly record struct Row(TIn Value, DataViewRowId Source, object?[] Boxes);

    private sealed class PendingBatch(List<Row> rows, Task<IReadOnlyList<StageOutcome<TOut>>> work)
    {
        public List<Row> Rows => rows;

        public Task<IReadOnlyList<StageOutcome<TOut>>> Work => work;

        public IReadOnlyList<StageOutcome<TOut>> Outcomes { get; set; } = [];
    }
}
