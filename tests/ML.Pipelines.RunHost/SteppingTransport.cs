using Azure.Core;
using Azure.Core.Pipeline;

namespace ML.Pipelines.RunHost;

/// <summary>The network, with a step before and after each request that changes something.</summary>
/// <remarks>Renewals of leases come by the clock, so they are no steps.</remarks>
/// <param name="reached">Is told of each step.</param>
/// <param name="failed">Called after each request that got no answer.</param>
internal sealed class SteppingTransport(Action<string> reached, Action failed) : HttpPipelineTransport
{
    public override Request CreateRequest() => HttpClientTransport.Shared.CreateRequest();

    public override void Process(HttpMessage message) => ProcessAsync(message).AsTask().GetAwaiter().GetResult();

    public override async ValueTask ProcessAsync(HttpMessage message)
    {
        if (StepOf(message.Request) is { } step) await ProcessAsync(message, step).ConfigureAwait(false);
        else await SendAsync(message).ConfigureAwait(false);
    }

    private async Task ProcessAsync(HttpMessage message, string step)
    {
        reached("before " + step);
        await SendAsync(message).ConfigureAwait(false);
        reached("after " + step);
    }

    private async Task SendAsync(HttpMessage message)
    {
        try
        {
            await HttpClientTransport.Shared.ProcessAsync(message).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            failed();
            throw;
        }
    }

    private static string? StepOf(Request request)
    {
        if (request.Method == RequestMethod.Get || request.Method == RequestMethod.Head) return null;
        request.Headers.TryGetValue("x-ms-lease-action", out var lease);
        return lease == "renew" ? null : $"{request.Method} {request.Uri.Path}{request.Uri.Query} {lease}";
    }
}
