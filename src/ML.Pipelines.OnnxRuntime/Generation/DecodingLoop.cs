using ML.Pipelines.OnnxRuntime.Scoring;

namespace ML.Pipelines.OnnxRuntime.Generation;

/// <summary>Decodes the rows of all callers in one batch, on a thread of its own that lives while there are rows.</summary>
/// <remarks>Safe for concurrent calls.</remarks>
internal sealed class DecodingLoop(DecoderSession session, DecodingLimits limits) : IDisposable
{
    private readonly object _gate = new();
    private readonly DecodingBatch _batch = new(session, limits);
    private readonly List<DecodingRow> _arrived = [];
    private bool _isRunning;
    private bool _isDisposed;

    /// <summary>Decodes a row.</summary>
    /// <exception cref="ObjectDisposedException">The loop is disposed, or is before the row's end.</exception>
    public Task<GenerationResult> DecodeAsync(DecodingRow row)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _arrived.Add(row);
            if (!_isRunning)
            {
                _isRunning = true;
                _ = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            }
        }
        return row.Completion;
    }

    /// <summary>Ends all rows at the next token, then frees their caches.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            while (_isRunning) Monitor.Wait(_gate);
        }
        _batch.Dispose();
    }

    private void Run()
    {
        while (TakeArrived())
        {
            try
            {
                _batch.Advance();
            }
            catch (Exception fault)
            {
                // Whoever waits for a row must hear of it, whatever it is: this thread has no caller.
                _batch.Fail(fault);
            }
        }
    }

    /// <summary>Whether there is something to do. Where there is not, the thread ends.</summary>
    private bool TakeArrived()
    {
        lock (_gate)
        {
            _arrived.ForEach(_batch.Add);
            _arrived.Clear();
            if (_isDisposed) _batch.Fail(new ObjectDisposedException(nameof(OnnxChatClient)));
            if (!_batch.IsIdle) return true;
            _batch.Release();
            _isRunning = false;
            Monitor.PulseAll(_gate);
            return false;
        }
    }
}
