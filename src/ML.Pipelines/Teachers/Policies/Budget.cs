using System.Globalization;

namespace ML.Pipelines.Teachers.Policies;

/// <summary>What calls have taken, and an end to them where tokens, money or time are spent.</summary>
/// <remarks>
/// A call is refused when what answered calls took reaches the budget; those under way end first, so the overshoot is at most theirs.
/// Calls that failed are not counted: servers do not tell what they took. A journal's replies cost nothing.
/// </remarks>
public sealed class Budget : ICallPolicy
{
    private const decimal PerMillion = 1_000_000;

    private readonly Lock _lock = new();
    private readonly TeacherOptions _options;
    private readonly TimeProvider _time;
    private TaskCompletionSource? _drained;
    private TeacherUsage _usage = new(0, 0, 0, 0);
    private long? _start;
    private int _running;

    /// <summary>Creates the policy.</summary>
    /// <param name="options">Budgets and prices.</param>
    /// <param name="time">The clock.</param>
    public Budget(TeacherOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _time) = (options, time);
    }

    /// <summary>What the answered calls took.</summary>
    public TeacherUsage Usage
    {
        get
        {
            lock (_lock) return _usage;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<CallResult<T>> ExecuteAsync<T>(
        long inputTokens, Func<CancellationToken, ValueTask<CallResult<T>>> call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        await EnterAsync(cancellationToken).ConfigureAwait(false);
        CallResult<T>? result = null;
        try
        {
            result = await call(cancellationToken).ConfigureAwait(false);
            return result.Value;
        }
        finally
        {
            Leave(result?.InputTokens, result?.OutputTokens);
        }
    }

    private async ValueTask EnterAsync(CancellationToken cancellationToken)
    {
        Task drained;
        string spent;
        lock (_lock)
        {
            _start ??= _time.GetTimestamp();
            if (Spent() is not { } what)
            {
                _running++;
                return;
            }
            spent = what;
            drained = _running == 0 ? Task.CompletedTask : (_drained ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
        await drained.WaitAsync(cancellationToken).ConfigureAwait(false);
        throw new BudgetSpentException($"The teacher's budget is spent: {spent}. Sealed shards and paid replies are kept; the same command "
            + "continues the run with a new budget.");
    }

    private void Leave(long? input, long? output)
    {
        lock (_lock)
        {
            if (input is { } read && output is { } written)
                _usage = new(_usage.Calls + 1, _usage.InputTokens + read, _usage.OutputTokens + written, _usage.Cost + Cost(read, written));
            if (--_running == 0) _drained?.TrySetResult();
        }
    }

    private decimal Cost(long input, long output) =>
        (input * _options.InputPricePerMillion + output * _options.OutputPricePerMillion) / PerMillion;

    private string? Spent()
    {
        if (_options.MaxTokens is { } tokens && _usage.Tokens >= tokens)
            return string.Create(CultureInfo.InvariantCulture, $"{_usage.Tokens} of {tokens} tokens");
        if (_options.MaxCost is { } cost && _usage.Cost >= cost)
            return string.Create(CultureInfo.InvariantCulture, $"{_usage.Cost:0.####} of {cost:0.####} in money");
        if (_options.MaxDuration is { } duration && _time.GetElapsedTime(_start!.Value) >= duration)
            return string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0} s since the first call");
        return null;
    }
}
