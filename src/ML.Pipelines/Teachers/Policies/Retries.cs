using ML.Pipelines.Runs;

namespace ML.Pipelines.Teachers.Policies;

/// <summary>Makes a call again where <see cref="FaultRule"/> says so, after exponentially longer waits with full jitter.</summary>
/// <remarks>
/// The n-th wait is uniform between 0 and min(longest, first * 2^(n-1)), which spreads calls that failed together best (Brooker,
/// "Exponential Backoff And Jitter", 2015). Where the server asks for a time, that time comes first; one beyond the patience is a no.
/// </remarks>
/// <param name="options">Tries, waits and patience.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Gives numbers from 0 to below 1; null: a random generator. Replies do not depend on it.</param>
public sealed class Retries(TeacherOptions options, TimeProvider time, Func<double>? random = null) : ICallPolicy
{
    /// <summary>Doublings after which every wait is the longest anyway.</summary>
    private const int MostDoublings = 40;

    private readonly Func<double> _random = random ?? Random.Shared.NextDouble;

    /// <inheritdoc/>
    public async ValueTask<CallResult<T>> ExecuteAsync<T>(
        long inputTokens, Func<CancellationToken, ValueTask<CallResult<T>>> call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        var start = time.GetTimestamp();
        for (int tries = 1, counted = 0; ; tries++)
        {
            TimeSpan wait;
            try
            {
                return await call(cancellationToken).ConfigureAwait(false);
            }
            catch (TeacherFaultException fault)
            {
                fault.Attempts = tries;
                wait = Wait(tries, fault.RetryAfter);
                if (fault.Rule.Retry == FaultRetry.Attempts) counted++;
                if (wait > options.Patience || !GoesOn(fault.Rule.Retry, counted, time.GetElapsedTime(start) + wait)) throw;
                PipelineTelemetry.Retried(fault.Rule.Code);
            }
            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
        }
    }

    // A server that turned calls away for a while does not use up the tries that a row has.
    private bool GoesOn(FaultRetry retry, int counted, TimeSpan untilNext) => retry switch
    {
        FaultRetry.Attempts => counted < options.MaxAttempts,
        FaultRetry.Patience => untilNext <= options.Patience,
        _ => false,
    };

    private TimeSpan Wait(int failures, TimeSpan? asked)
    {
        var most = options.FirstDelay * Math.Pow(2, Math.Min(failures - 1, MostDoublings));
        var wait = (most < options.LongestDelay ? most : options.LongestDelay) * _random();
        return asked is { } least && least > TimeSpan.Zero ? least + options.FirstDelay * _random() : wait;
    }
}
