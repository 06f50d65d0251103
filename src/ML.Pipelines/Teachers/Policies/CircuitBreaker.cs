using Polly;
using Polly.CircuitBreaker;

namespace ML.Pipelines.Teachers.Policies;

/// <summary>
/// Gives a server a rest where too many calls fail: calls wait, and after each break one of them finds out whether the server is back.
/// </summary>
public sealed class CircuitBreaker : ICallPolicy
{
    /// <summary>The longest time between two looks at a breaker that lets only a probe through.</summary>
    private static readonly TimeSpan LongestLook = TimeSpan.FromMilliseconds(100);

    private readonly CircuitBreakerStateProvider _state = new();
    private readonly ResiliencePipeline _pipeline;
    private readonly TeacherOptions _options;
    private readonly string _model;
    private readonly TimeProvider _time;
    // When the breaker opened; 0 where it is closed.
    private long _opened;
    private int _openings;

    /// <summary>Creates the policy.</summary>
    /// <param name="options">When it opens, for how long, and the patience.</param>
    /// <param name="model">The model's name, for messages.</param>
    /// <param name="time">The clock.</param>
    public CircuitBreaker(TeacherOptions options, string model, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _model, _time) = (options, model, time);
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }.AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            FailureRatio = options.BreakerFailureRatio,
            MinimumThroughput = options.BreakerMinimumCalls,
            SamplingDuration = options.BreakerWindow,
            BreakDuration = options.BreakDuration,
            StateProvider = _state,
            ShouldHandle = arguments => new(arguments.Outcome.Exception is TeacherFaultException { Rule.CountsForBreaker: true }),
            OnOpened = _ =>
            {
                Interlocked.Increment(ref _openings);
                Interlocked.CompareExchange(ref _opened, _time.GetTimestamp(), 0);
                return default;
            },
            OnClosed = _ =>
            {
                Interlocked.Exchange(ref _opened, 0);
                return default;
            },
        }).Build();
    }

    /// <summary>Whether calls go through; false while the server rests or is probed.</summary>
    public bool IsClosed => _state.CircuitState == CircuitState.Closed;

    /// <summary>How often the breaker has opened, after failed probes too.</summary>
    public int Openings => Volatile.Read(ref _openings);

    /// <inheritdoc/>
    public async ValueTask<CallResult<T>> ExecuteAsync<T>(
        long inputTokens, Func<CancellationToken, ValueTask<CallResult<T>>> call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        while (true)
        {
            var probes = false;
            TimeSpan wait;
            try
            {
                return await _pipeline.ExecuteAsync(token =>
                {
                    probes = _state.CircuitState == CircuitState.HalfOpen;
                    return call(token);
                }, cancellationToken).ConfigureAwait(false);
            }
            catch (BrokenCircuitException open)
            {
                wait = open.RetryAfter is { } asked && asked > TimeSpan.Zero ? asked : Look();
                RequirePatience(open.InnerException as TeacherFaultException);
            }
            catch (TeacherFaultException fault) when (probes && fault.Rule.CountsForBreaker)
            {
                // A probe is the server's, not the row's: it does not use up the row's tries.
                wait = Look();
                RequirePatience(fault);
            }
            await Task.Delay(wait, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    private TimeSpan Look() => _options.BreakDuration < LongestLook ? _options.BreakDuration : LongestLook;

    private void RequirePatience(TeacherFaultException? last)
    {
        var opened = Interlocked.Read(ref _opened);
        if (opened == 0 || _time.GetElapsedTime(opened) <= _options.Patience) return;
        throw new TeacherFaultException(TeacherFaultKind.GaveUp,
            FormattableString.Invariant($"The server of {_model} has failed for {_options.Patience.TotalSeconds:0} s. {last?.Message} ")
            + "Sealed shards and paid replies are kept; the same command continues the run.");
    }
}
