namespace ML.Pipelines.Teachers.Policies;

/// <summary>Keeps requests a minute and tokens a minute below what the server allows, so that it has nothing to turn away.</summary>
/// <remarks>A call takes the tokens that it sends and the average of replies so far; what it really took is settled afterwards.</remarks>
public sealed class RateLimits : ICallPolicy
{
    /// <summary>The weight of the newest reply in the average.</summary>
    private const double Newest = 0.1;

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly TokenBucket? _requests, _tokens;
    private double _averageOutput;

    /// <summary>Creates the policy.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="time">The clock.</param>
    public RateLimits(TeacherOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        _time = time;
        _requests = options.RequestsPerMinute is { } requests ? new TokenBucket(requests, time) : null;
        _tokens = options.TokensPerMinute is { } tokens ? new TokenBucket(tokens, time) : null;
    }

    /// <inheritdoc/>
    public async ValueTask<CallResult<T>> ExecuteAsync<T>(
        long inputTokens, Func<CancellationToken, ValueTask<CallResult<T>>> call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        var taken = await TakeAsync(inputTokens, cancellationToken).ConfigureAwait(false);
        var result = await call(cancellationToken).ConfigureAwait(false);
        Settle(taken, result.InputTokens, result.OutputTokens);
        return result;
    }

    private async ValueTask<double> TakeAsync(long inputTokens, CancellationToken cancellationToken)
    {
        double taken;
        TimeSpan wait;
        lock (_lock)
        {
            taken = inputTokens + _averageOutput;
            var (forRequest, forTokens) = (_requests?.Take(1) ?? default, _tokens?.Take(taken) ?? default);
            wait = forRequest > forTokens ? forRequest : forTokens;
        }
        try
        {
            if (wait > TimeSpan.Zero) await Task.Delay(wait, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            lock (_lock) (_, _) = (_requests?.Take(-1), _tokens?.Take(-taken));
            throw;
        }
        return taken;
    }

    private void Settle(double taken, long input, long output)
    {
        lock (_lock)
        {
            if (input + output == 0) return;
            _tokens?.Take(input + output - taken);
            _averageOutput = _averageOutput == 0 ? output : _averageOutput + Newest * (output - _averageOutput);
        }
    }
}
