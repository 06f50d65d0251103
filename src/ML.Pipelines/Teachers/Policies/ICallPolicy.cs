namespace ML.Pipelines.Teachers.Policies;

/// <summary>How calls of one server are made: again, later, fewer at once, or no more. Safe for concurrent calls.</summary>
public interface ICallPolicy
{
    /// <summary>Makes a call under the policy.</summary>
    /// <param name="inputTokens">About how many tokens the call sends, at least 0.</param>
    /// <param name="call">Makes the call; may be invoked several times, one after another.</param>
    /// <param name="cancellationToken">Cancels the call and every wait for it.</param>
    /// <exception cref="TeacherFaultException">The call failed for good.</exception>
    /// <exception cref="BudgetSpentException">No call may be made any more.</exception>
    ValueTask<CallResult<T>> ExecuteAsync<T>(
        long inputTokens, Func<CancellationToken, ValueTask<CallResult<T>>> call, CancellationToken cancellationToken);
}

/// <summary>What a call gave and took.</summary>
/// <param name="Value">The answer.</param>
/// <param name="InputTokens">Tokens that the model read; 0 where the server does not tell.</param>
/// <param name="OutputTokens">Tokens that the model wrote; 0 where the server does not tell.</param>
public readonly record struct CallResult<T>(T Value, long InputTokens, long OutputTokens);
