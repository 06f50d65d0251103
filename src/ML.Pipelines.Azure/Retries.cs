using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;

namespace ML.Pipelines.Azure;

/// <summary>How often and when a request is made again.</summary>
internal static class Retries
{
    /// <summary>The tries after the first. Their waits make up the patience even if the SDK's jitter makes each a fifth shorter.</summary>
    private const int Count = 11;

    /// <summary>The first wait and the longest, as parts of the patience: 1, 2, 4, 8, 16, then six times 20 of 120 parts.</summary>
    private const double FirstWait = 1 / 120.0, LongestWait = 1 / 6.0;

    // The SDK's own transport waits for a connection as long as for an answer.
    private static readonly HttpClientTransport Network = new(new HttpClient(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        UseCookies = false,
    })
    { Timeout = Timeout.InfiniteTimeSpan });

    /// <summary>Options of a client that goes on for a while when the service does not answer or has too much to do.</summary>
    /// <param name="patience">How long.</param>
    /// <param name="timeout">How long one request may take.</param>
    /// <param name="transport">Sends requests; null: the network.</param>
    public static BlobClientOptions For(TimeSpan patience, TimeSpan timeout, HttpPipelineTransport? transport)
    {
        var options = new BlobClientOptions
        {
            Retry =
            {
                Mode = RetryMode.Exponential,
                MaxRetries = Count,
                Delay = patience * FirstWait,
                MaxDelay = patience * LongestWait,
                NetworkTimeout = timeout,
            },
        };
        options.Transport = transport ?? Network;
        options.AddPolicy(new TryCounter(), HttpPipelinePosition.PerRetry);
        return options;
    }

    /// <summary>Counts the tries of the requests that are made until it is disposed.</summary>
    public static TryCount Counting() => new();

    /// <summary>The tries of a request: after more than one, an earlier one may have done its work without an answer coming back.</summary>
    public sealed class TryCount : IDisposable
    {
        private readonly IDisposable _scope;

        public TryCount() =>
            _scope = HttpPipeline.CreateHttpMessagePropertiesScope(new Dictionary<string, object?> { [nameof(TryCount)] = this });

        public int Tries { get; set; }

        public void Dispose() => _scope.Dispose();
    }

    private sealed class TryCounter : HttpPipelineSynchronousPolicy
    {
        public override void OnSendingRequest(HttpMessage message)
        {
            if (message.TryGetProperty(nameof(TryCount), out var count)) ((TryCount)count!).Tries++;
        }
    }
}
