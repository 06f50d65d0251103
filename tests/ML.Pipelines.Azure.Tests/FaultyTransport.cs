using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace ML.Pipelines.Azure.Tests;

/// <summary>A network whose faults a test decides on. Everything that reaches the service is told.</summary>
internal sealed class FaultyTransport : HttpPipelineTransport
{
    /// <summary>Whether a request is lost before it reaches the service.</summary>
    public Func<Request, bool> LosesRequest { get; set; } = _ => false;

    /// <summary>Whether the answer to a request is lost, which the service has done by then.</summary>
    public Func<Request, bool> LosesAnswer { get; set; } = _ => false;

    /// <summary>Status and code of an answer in the service's place; null: the service answers.</summary>
    public Func<Request, (int Status, string Code)?> Answers { get; set; } = _ => null;

    /// <summary>Is done with each request before it is sent.</summary>
    public Func<Request, Task> Sending { get; set; } = _ => Task.CompletedTask;

    /// <summary>What was sent: method, name of the blob and query.</summary>
    public ConcurrentQueue<string> Sent { get; } = new();

    public override Request CreateRequest() => HttpClientTransport.Shared.CreateRequest();

    public override void Process(HttpMessage message) => ProcessAsync(message).AsTask().GetAwaiter().GetResult();

    public override async ValueTask ProcessAsync(HttpMessage message)
    {
        var request = message.Request;
        await Sending(request);
        if (LosesRequest(request)) throw new RequestFailedException("The request was lost.", new IOException("The request was lost."));
        if (Answers(request) is { } answer)
        {
            message.Response = new Refusal(answer.Status, answer.Code) { ClientRequestId = request.ClientRequestId };
            return;
        }
        Sent.Enqueue($"{request.Method} {request.Uri.ToUri().Segments[^1]}{request.Uri.Query}");
        await HttpClientTransport.Shared.ProcessAsync(message);
        if (LosesAnswer(request)) throw new RequestFailedException("The answer was lost.", new IOException("The answer was lost."));
    }

    /// <summary>A condition that holds once, for the first request of a kind.</summary>
    public static Func<Request, bool> First(Func<Request, bool> kind)
    {
        var left = 1;
        return request => kind(request) && Interlocked.Exchange(ref left, 0) == 1;
    }

    private sealed class Refusal(int status, string code) : Response
    {
        private readonly HttpHeader _code = new("x-ms-error-code", code);

        public override int Status => status;

        public override string ReasonPhrase => code;

        public override Stream? ContentStream { get; set; }

        public override string ClientRequestId { get; set; } = "";

        public override void Dispose() { }

        protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value)
        {
            value = ContainsHeader(name) ? _code.Value : null;
            return value is not null;
        }

        protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
        {
            values = ContainsHeader(name) ? [_code.Value] : null;
            return values is not null;
        }

        protected override bool ContainsHeader(string name) => name.Equals(_code.Name, StringComparison.OrdinalIgnoreCase);

        protected override IEnumerable<HttpHeader> EnumerateHeaders() => [_code];
    }
}
