namespace ML.Pipelines.Teachers.Policies;

/// <summary>All policies for the calls of one server, whatever is asked of it.</summary>
/// <remarks>
/// From outside in: tries, limits a minute, concurrency, circuit breaker, budget, notices, telemetry, time of a request. A call that waits to be
/// tried again holds no place; one that waits for the breaker does, and the budget is asked last, right before money is spent.
/// </remarks>
public sealed class CallPolicies : ICallPolicy
{
    private readonly ICallPolicy[] _policies;

    /// <summary>Creates the policies.</summary>
    /// <param name="options">Limits and times.</param>
    /// <param name="operation">What is asked, for telemetry, for example <c>chat</c>; null: the caller tells telemetry itself.</param>
    /// <param name="model">The model's name, for telemetry and messages.</param>
    /// <param name="time">The clock; null: the system's.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>: an option is out of range.</exception>
    public CallPolicies(TeacherOptions options, string? operation, string model, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        time ??= TimeProvider.System;
        Concurrency = new AdaptiveConcurrency(options, model);
        Breaker = new CircuitBreaker(options, model, time);
        Budget = new Budget(options, time);
        _policies =
        [
            new Retries(options, time),
            new RateLimits(options, time),
            Concurrency,
            Breaker,
            Budget,
            new OutageNotice(options, model, time),
            .. operation is null ? (ICallPolicy[])[] : [new CallTelemetry(operation, model)],
            new RequestTimeout(options.RequestTimeout, model, time),
        ];
    }

    /// <summary>How many calls may be made at once.</summary>
    public AdaptiveConcurrency Concurrency { get; }

    /// <summary>Whether the server is given a rest.</summary>
    public CircuitBreaker Breaker { get; }

    /// <summary>What the calls have taken, and whether more may.</summary>
    public Budget Budget { get; }

    /// <inheritdoc/>
    public ValueTask<CallResult<T>> ExecuteAsync<T>(
        long inputTokens, Func<CancellationToken, ValueTask<CallResult<T>>> call, CancellationToken cancellationToken) =>
        ExecuteFrom(0, inputTokens, call, cancellationToken);

    private ValueTask<CallResult<T>> ExecuteFrom<T>(
        int policy, long inputTokens, Func<CancellationToken, ValueTask<CallResult<T>>> call, CancellationToken cancellationToken) =>
        policy == _policies.Length ? call(cancellationToken)
        : _policies[policy].ExecuteAsync(inputTokens, token => ExecuteFrom(policy + 1, inputTokens, call, token), cancellationToken);
}
