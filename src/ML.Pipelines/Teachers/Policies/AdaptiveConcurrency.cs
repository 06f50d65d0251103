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
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private readonly int _minimum, _maximum;
    private readonly string _model;
    private double _limit;
    private int _running;
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
        var (round, used) = await EnterAsync(cancellationToken).ConfigureAwait(false);
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
            Leave(answered, round, used);
        }
    }

    private async ValueTask<(long Round, bool Used)> EnterAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TaskCompletionSource place;
        lock (_lock)
        {
            if (_running < (int)_limit && _waiting.Count == 0) return Start();
            place = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(place);
        }
        using var queued = PipelineTelemetry.Queued(_model);
        await using var _ = cancellationToken.Register(() => place.TrySetCanceled(cancellationToken)).ConfigureAwait(false);
        await place.Task.ConfigureAwait(false);
        lock (_lock) return (_round, IsUsed());
    }

    private (long Round, bool Used) Start()
    {
        _running++;
        return (_round, IsUsed());
    }

    // A limit that nobody reaches must not grow: it would say nothing about the server.
    private bool IsUsed() => _waiting.Count > 0 || _running >= (int)_limit;

    private void Leave(bool? answered, long round, bool used)
    {
        lock (_lock)
        {
            _running--;
            if (answered == true && used) _limit = Math.Min(_maximum, _limit + 1 / _limit);
            else if (answered == false && round == _round) (_limit, _round) = (Math.Max(_minimum, _limit * Decrease), _round + 1);
            while (_running < (int)_limit && _waiting.TryDequeue(out var next))
                if (next.TrySetResult()) _running++;
        }
    }
}
