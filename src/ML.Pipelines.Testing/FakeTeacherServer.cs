using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ML.Pipelines.Testing;

/// <summary>
/// An OpenAI-compatible server on a free loopback port that replies and fails as a script says: <c>models</c>, <c>chat/completions</c>
/// (plain and streamed) and <c>completions</c> with the log-probabilities of the prompt.
/// </summary>
public sealed class FakeTeacherServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, int> _attempts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _successes = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<FakeRequest> _requests = new();
    private readonly WebApplication _application;
    private readonly FakeTeacherScript _script;
    private int _calls, _modelLists, _turnedAway, _running, _mostAtOnce;
    private volatile bool _isDown;

    private FakeTeacherServer(FakeTeacherScript script)
    {
        _script = script;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null).UseUrls("http://127.0.0.1:0");
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.Zero);
        _application = builder.Build();
        _application.Run(AnswerAsync);
    }

    /// <summary>The address that a client is given, ending in <c>/v1</c>.</summary>
    public Uri Endpoint => new(_application.Urls.Single() + "/v1");

    /// <summary>The requests for replies or scores, those that failed too.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>The requests for the list of models that it answered.</summary>
    public int ModelLists => Volatile.Read(ref _modelLists);

    /// <summary>The requests that were answered whole.</summary>
    public int SuccessfulCalls => _successes.Values.Sum();

    /// <summary>The requests that were answered whole, by row.</summary>
    public IReadOnlyDictionary<string, int> Successes => _successes;

    /// <summary>The requests for replies or scores in the order they came.</summary>
    public IReadOnlyCollection<FakeRequest> Requests => _requests;

    /// <summary>The most requests that were there at once.</summary>
    public int MostAtOnce => Volatile.Read(ref _mostAtOnce);

    /// <summary>Whether the server answers everything with 503.</summary>
    public bool IsDown
    {
        get => _isDown;
        set => _isDown = value;
    }

    /// <summary>The requests that came while it was down.</summary>
    public int TurnedAway => Volatile.Read(ref _turnedAway);

    /// <summary>Starts a server.</summary>
    /// <param name="script">How it behaves; null: it replies to everything.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public static async Task<FakeTeacherServer> StartAsync(FakeTeacherScript? script = null, CancellationToken cancellationToken = default)
    {
        var server = new FakeTeacherServer(script ?? new());
        await server._application.StartAsync(cancellationToken).ConfigureAwait(false);
        return server;
    }

    /// <summary>Stops the server; connections that hang are closed.</summary>
    public async ValueTask DisposeAsync() => await _application.DisposeAsync().ConfigureAwait(false);

    private Task AnswerAsync(HttpContext context)
    {
        if (_isDown) return TurnAwayAsync(context);
        if (!HasKey(context.Request))
            return SendAsync(context, 401, FakeJson.Error("invalid_api_key", $"Incorrect API key provided: {Sent(context.Request)}."));
        // Paths of Azure have more before it.
        return (context.Request.Path.Value ?? "").Split("/v1/")[^1] switch
        {
            "models" => ListAsync(context),
            "chat/completions" => CallAsync(context, "chat/completions"),
            "completions" when _script.Score is not null => CallAsync(context, "completions"),
            _ => SendAsync(context, 404, """{"detail":"Not Found"}"""),
        };
    }

    private Task TurnAwayAsync(HttpContext context)
    {
        Interlocked.Increment(ref _turnedAway);
        return SendAsync(context, 503, FakeJson.Error("overloaded", "The server is down."));
    }

    private Task ListAsync(HttpContext context)
    {
        Interlocked.Increment(ref _modelLists);
        return SendAsync(context, 200, FakeJson.Models(_script.Models));
    }

    private bool HasKey(HttpRequest request) => _script.Key is null || Sent(request) == _script.Key;

    private static string Sent(HttpRequest request) =>
        request.Headers.TryGetValue("api-key", out var key) ? key.ToString()
            : request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal);

    private async Task CallAsync(HttpContext context, string path)
    {
        Interlocked.Increment(ref _calls);
        var running = Interlocked.Increment(ref _running);
        try
        {
            NoteMost(running);
            var aborted = context.RequestAborted;
            using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: aborted).ConfigureAwait(false);
            var row = Row(path, body.RootElement);
            var request = new FakeRequest(path, row, _attempts.AddOrUpdate(row, 1, (_, before) => before + 1), body.RootElement.Clone())
            {
                Query = context.Request.QueryString.Value ?? "",
            };
            _requests.Enqueue(request);
            if (running > _script.Capacity) await FailAsync(context, request, FakeFault.Throttled()).ConfigureAwait(false);
            else await AnswerAsync(context, request).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client gave up: there is nobody to answer.
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private async Task AnswerAsync(HttpContext context, FakeRequest request)
    {
        if (_script.Latency > TimeSpan.Zero) await Task.Delay(_script.Latency, context.RequestAborted).ConfigureAwait(false);
        var model = request.Body.GetProperty("model").GetString()!;
        if (!_script.AnyModel && !_script.Models.Contains(model, StringComparer.Ordinal))
            await SendAsync(context, 404, FakeJson.Error("model_not_found", $"The model '{model}' does not exist.")).ConfigureAwait(false);
        else if (_script.Fault(request) is { } fault) await FailAsync(context, request, fault).ConfigureAwait(false);
        else
        {
            await ReplyAsync(context, request, whole: true).ConfigureAwait(false);
            _successes.AddOrUpdate(request.Row, 1, (_, before) => before + 1);
        }
    }

    private async Task FailAsync(HttpContext context, FakeRequest request, FakeFault fault)
    {
        switch (fault)
        {
            case FakeFault.Status status:
                if (status.RetryAfter is { } wait) context.Response.Headers.RetryAfter = wait;
                await SendAsync(context, status.Code, status.Body).ConfigureAwait(false);
                break;
            case FakeFault.Garbage garbage:
                await SendAsync(context, 200, garbage.Body).ConfigureAwait(false);
                break;
            case FakeFault.Truncate:
                await ReplyAsync(context, request, whole: false).ConfigureAwait(false);
                break;
            default:
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(false);
                break;
        }
    }

    private async Task ReplyAsync(HttpContext context, FakeRequest request, bool whole)
    {
        var model = request.Body.GetProperty("model").GetString()!;
        var streams = request.Body.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True;
        var (type, body) = request.Path == "completions"
            ? ("application/json", FakeJson.Completion(model, _script.Score!(Prompt(request.Body))))
            : streams ? ("text/event-stream", FakeJson.ChatStream(model, _script.Reply(request)))
            : ("application/json", FakeJson.Chat(model, _script.Reply(request)));
        var bytes = Encoding.UTF8.GetBytes(body);
        context.Response.ContentType = type;
        context.Response.ContentLength = bytes.Length;
        var sent = whole ? bytes : bytes.AsMemory(0, bytes.Length / 2);
        await context.Response.Body.WriteAsync(sent, context.RequestAborted).ConfigureAwait(false);
        await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        if (!whole) context.Abort();
    }

    private static async Task SendAsync(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    }

    private void NoteMost(int running)
    {
        int most;
        do most = MostAtOnce;
        while (running > most && Interlocked.CompareExchange(ref _mostAtOnce, running, most) != most);
    }

    private static string Row(string path, JsonElement body)
    {
        if (path == "completions") return body.GetProperty("prompt").GetRawText();
        var last = body.GetProperty("messages").EnumerateArray().Last(message => message.GetProperty("role").GetString() == "user");
        var content = last.GetProperty("content");
        return content.ValueKind == JsonValueKind.Array ? content[0].GetProperty("text").GetString()! : content.GetString()!;
    }

    private static FakePrompt Prompt(JsonElement body)
    {
        var prompt = body.GetProperty("prompt");
        return prompt.ValueKind == JsonValueKind.String ? new(prompt.GetString(), null)
            : new(null, [.. prompt.EnumerateArray().Select(id => id.GetInt32())]);
    }
}
