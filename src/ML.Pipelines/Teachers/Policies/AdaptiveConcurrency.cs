using ML.Pipelines.Runs;

namespace ML.Pipelines.Teachers.Policies;

/// <summary>
/// Finds how many calls a server takes at once: additive increase, multiplicative decrease (Chiu and Jain, 1989), as congestion control
/// does. A limit that is used grows by one a round of calls; a call that is turned away or times out shrinks it once for all calls that
/// were under way with it.
/// </summary>
public sealed class AdaptiveConcurrency : ICallPolicy
{
    private const double Decrease = 0.7;

    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource<StartedCall>> _waiting = new();
    private readonly int _minimum, _maximum;
    private readonly string _model;
    private double _limit;
    private int _running;
    // The calls started so far, and how many there were when the limit was last reached.
    private long _starts, _lastReached;
    // Calls that started before the last decrease tell nothing about the limit since.
    private long _round;

    /// <summary>Creates the policy.</summary>
    /// <param name="options">The first, least and most calls at once.</param>
    /// <param name="model">The model's name, for telemetry.</param>
    public AdaptiveConcurrency(TeacherOptions options, string model)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_minimum, _maximum, _model) = (options.MinimumConcurrency, options.MaximumConcurrency, model);
        _limit = Math.Clamp(options.InitialConcurrency, _minimum, _maximum);
    }

    /// <summary>How many calls may be made at once now.</summary>
    public int Limit
    {
        get
        {
            lock (_lock) return (int)_limit;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<CallResult<T>> ExecuteAsync<T>(
        long inputTokens, Func<CancellationToken, ValueTask<CallResult<T>>> call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        var started = await EnterAsync(cancellationToken).ConfigureAwait(false);
        bool? answered = null;
        try
        {
            var result = await call(cancellationToken).ConfigureAwait(false);
            answered = true;
            return result;
        }
        catch (TeacherFaultException fault) when (fault.Rule.LowersConcurrency)
        {
            answered = false;
            throw;
        }
        finally
        {
            Leave(answered, started);
        }
    }

    private async ValueTask<StartedCall> EnterAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TaskCompletionSource<StartedCall> place;
        lock (_lock)
        {
            if (_running < (int)_limit && _waiting.Count == 0) return Start();
            place = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(place);
            _lastReached = _starts;
        }
        using var queued = PipelineTelemetry.Queued(_model);
        await using var _ = cancellationToken.Register(() => place.TrySetCanceled(cancellationToken)).ConfigureAwait(false);
        return await place.Task.ConfigureAwait(false);
    }

    private StartedCall Start()
    {
        _running++;
        _starts++;
        if (_running >= (int)_limit) _lastReached = _starts;
        return new(_starts, _round);
    }

    private void Leave(bool? answered, StartedCall call)
    {
        lock (_lock)
        {
            _running--;
            // A limit that was not reached during a call must not grow: the call says nothing about it.
            if (answered == true && _lastReached >= call.Start) _limit = Math.Min(_maximum, _limit + 1 / _limit);
            else if (answered == false && call.Round == _round) (_limit, _round) = (Math.Max(_minimum, _limit * Decrease), _round + 1);
            while (_running < (int)_limit && _waiting.TryDequeue(out var next)) StartNext(next);
        }
    }

    private void StartNext(TaskCompletionSource<StartedCall> next)
    {
        if (next.Task.IsCompleted) return;
        var call = Start();
        // It may have been cancelled in between.
        if (!next.TrySetResult(call)) _running--;
    }

    /// <summary>A call under way.</summary>
    /// <param name="Start">Its number.</param>
    /// <param name="Round">How often the limit had shrunk before.</param>
    private readonly record struct StartedCall(long Start, long Round);
}
