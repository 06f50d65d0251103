using System.Net.Http.Headers;

namespace ML.Pipelines.OpenAI;

/// <summary>The connection to a server: the one place that knows the key, which goes into requests and nowhere else.</summary>
internal sealed class ServerConnection : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10), ConnectionLifetime = TimeSpan.FromMinutes(5);

    private readonly string? _key;

    /// <exception cref="PipelineException">As <see cref="OpenAIServer.Validate"/>.</exception>
    public ServerConnection(OpenAIServer server)
    {
        ArgumentNullException.ThrowIfNull(server);
        server.Validate();
        Server = server;
        _key = Key(server);
        Base = new Uri(server.Endpoint.AbsoluteUri.TrimEnd('/') + "/");
        Place = $"{server.Model} at {Base.Scheme}://{Base.Authority}{Base.AbsolutePath.TrimEnd('/')}";
        var sockets = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = ConnectionLifetime,
            UseCookies = false,
        };
        // The time of a request is the policies' business.
        Http = new HttpClient(new SigningHandler(server, _key) { InnerHandler = sockets }) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public OpenAIServer Server { get; }

    public HttpClient Http { get; }

    /// <summary>The address with a slash at its end, so that paths are appended.</summary>
    public Uri Base { get; }

    /// <summary>The model and the server, for messages.</summary>
    public string Place { get; }

    /// <summary>A text of the server without the key, on one line, cut to a length for messages.</summary>
    public string Quote(string text)
    {
        const int Shown = 300;
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (_key is { Length: > 0 }) line = line.Replace(_key, "[key]", StringComparison.Ordinal);
        return line.Length <= Shown ? line : line[..Shown] + "…";
    }

    public void Dispose() => Http.Dispose();

    private static string? Key(OpenAIServer server)
    {
        if (server.KeyVariable is not { } name) return null;
        return server.Variable(name)?.Trim() is { Length: > 0 } key ? key : throw new PipelineException(ErrorCode.TeacherUnauthorized,
            $"The environment variable {name} is not set: put the key of {server.Model} there.");
    }

    private sealed class SigningHandler(OpenAIServer server, string? key) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            // The SDK signs with a placeholder.
            request.Headers.Authorization = null;
            if (key is not null && server.KeyHeader == KeyHeader.ApiKey) request.Headers.Add("api-key", key);
            else if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            if (server.ApiVersion is { } version)
                request.RequestUri = new UriBuilder(request.RequestUri!) { Query = "api-version=" + Uri.EscapeDataString(version) }.Uri;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
