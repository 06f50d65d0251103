using System.ClientModel;
using System.ClientModel.Primitives;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using ML.Pipelines.Teachers;
using OpenAI;
using OpenAI.Chat;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace ML.Pipelines.OpenAI;

/// <summary>Single chat requests to an OpenAI-compatible server, by the OpenAI SDK. Nothing is made again here; faults are typed.</summary>
internal sealed class ServerChatClient : IChatClient
{
    // The connection signs; the SDK wants a key all the same.
    private const string Placeholder = "none";

    private readonly ServerConnection _connection;
    private readonly ModelCheck _check;
    private readonly IChatClient _client;

    public ServerChatClient(ServerConnection connection)
    {
        _connection = connection;
        _check = new ModelCheck(connection);
        _client = new ChatClient(connection.Server.Model, new ApiKeyCredential(Placeholder), new OpenAIClientOptions
        {
            Endpoint = connection.Base,
            Transport = new HttpClientPipelineTransport(connection.Http),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
        }).AsIChatClient();
    }

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        await _check.EnsureAsync(cancellationToken).ConfigureAwait(false);
        var (sent, settings) = ChatRequest.Create(_connection.Server, [.. messages], options);
        try
        {
            if (!_connection.Server.Stream) return await _client.GetResponseAsync(sent, settings, cancellationToken).ConfigureAwait(false);
            var stream = _client.GetStreamingResponseAsync(sent, settings, cancellationToken);
            return Finished(await stream.ToChatResponseAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (ClientResultException fault) when (fault.GetRawResponse() is { } answer)
        {
            throw ServerFault.Of(Answer(answer), _connection);
        }
        catch (Exception fault) when (!IsOurs(fault, cancellationToken))
        {
            // What the SDK cannot read becomes exceptions of many kinds: whatever they are, the reply is broken.
            throw ServerFault.Of(fault, _connection);
        }
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var response = await GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        foreach (var update in response.ToChatResponseUpdates()) yield return update;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => _client.GetService(serviceType, serviceKey);

    public void Dispose()
    {
        _client.Dispose();
        _check.Dispose();
        _connection.Dispose();
    }

    private static bool IsOurs(Exception fault, CancellationToken cancellationToken) => fault is TeacherFaultException or PipelineException
        || (fault is OperationCanceledException && cancellationToken.IsCancellationRequested);

    // A stream that ends without saying why was closed by the way.
    private ChatResponse Finished(ChatResponse response) => response.FinishReason is not null ? response
        : throw new TeacherFaultException(TeacherFaultKind.BrokenReply, $"{_connection.Place}: the stream ended before the reply did.");

    private static ErrorAnswer Answer(PipelineResponse answer) => ErrorAnswer.Read(answer.Status, answer.Content.ToString(),
        name => answer.Headers.TryGetValue(name, out var value) ? value : null, DateTimeOffset.UtcNow);
}
