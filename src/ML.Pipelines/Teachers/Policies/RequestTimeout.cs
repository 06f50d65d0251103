namespace ML.Pipelines.Teachers.Policies;

/// <summary>Ends a request that hangs.</summary>
/// <param name="limit">The time of a request, from sending to the last byte of the answer.</param>
/// <param name="model">The model's name, for messages.</param>
/// <param name="time">The clock.</param>
public sealed class RequestTimeout(TimeSpan limit, string model, TimeProvider time) : ICallPolicy
{
    /// <inheritdoc/>
    public async ValueTask<CallResult<T>> ExecuteAsync<T>(
        long inputTokens, Func<CancellationToken, ValueTask<CallResult<T>>> call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        using var timer = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            return await call(either.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is OperationCanceledException or TeacherFaultException
            && timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // A connection that is torn down at the end of the time may look like one that broke.
            throw new TeacherFaultException(TeacherFaultKind.Timeout,
                FormattableString.Invariant($"{model} did not reply within {limit.TotalSeconds:0.###} s. ")
                    + "Allow a request more time, fewer output "
                + "tokens or fewer calls at once.");
        }
    }
}
