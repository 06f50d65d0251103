namespace ML.Pipelines.Teachers.Policies;

/// <summary>Tells a person that calls fail and are made again: a run that waits for its server looks like one that hangs.</summary>
/// <remarks>Single failures among successes are not told: turning calls away is how servers say that fewer should come.</remarks>
/// <param name="options">Whom to tell.</param>
/// <param name="model">The model's name.</param>
/// <param name="time">The clock.</param>
public sealed class OutageNotice(TeacherOptions options, string model, TimeProvider time) : ICallPolicy
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5), Pause = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    // The first failure since the last success, and the last notice; null: none.
    private long? _failing, _told;

    /// <inheritdoc/>
    public async ValueTask<CallResult<T>> ExecuteAsync<T>(
        long inputTokens, Func<CancellationToken, ValueTask<CallResult<T>>> call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        try
        {
            var result = await call(cancellationToken).ConfigureAwait(false);
            lock (_lock) (_failing, _told) = (null, null);
            return result;
        }
        catch (TeacherFaultException fault) when (fault.Rule.Retry != FaultRetry.Never)
        {
            if (options.Notice is { } notice && IsDue(out var since))
                notice(FormattableString.Invariant($"{model}: no call has succeeded for {since.TotalSeconds:0} s; calls are made again. {fault.Message}"));
            throw;
        }
    }

    private bool IsDue(out TimeSpan since)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            since = time.GetElapsedTime(_failing ??= now, now);
            if (since < Silence || (_told is { } told && time.GetElapsedTime(told, now) < Pause)) return false;
            _told = now;
            return true;
        }
    }
}
