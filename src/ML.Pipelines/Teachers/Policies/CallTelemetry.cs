using ML.Pipelines.Runs;

namespace ML.Pipelines.Teachers.Policies;

/// <summary>Tells tracing and metrics of every request.</summary>
/// <param name="operation">What is asked, for example <c>chat</c>.</param>
/// <param name="model">The model's name.</param>
public sealed class CallTelemetry(string operation, string model) : ICallPolicy
{
    /// <inheritdoc/>
    public async ValueTask<CallResult<T>> ExecuteAsync<T>(
        long inputTokens, Func<CancellationToken, ValueTask<CallResult<T>>> call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        using var span = PipelineTelemetry.StartCall(operation, model);
        try
        {
            var result = await call(cancellationToken).ConfigureAwait(false);
            span.Answered(result.InputTokens, result.OutputTokens, null);
            return result;
        }
        catch (TeacherFaultException fault)
        {
            span.Answered(0, 0, fault.Rule.Code);
            throw;
        }
    }
}
