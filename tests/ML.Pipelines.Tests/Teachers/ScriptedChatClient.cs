using Microsoft.Extensions.AI;

namespace ML.Pipelines.Tests.Teachers;

/// <summary>A chat client in this process that answers as a function says, and keeps what it was asked.</summary>
internal sealed class ScriptedChatClient(Func<IReadOnlyList<ChatMessage>, ChatResponse> answer) : IChatClient
{
    private readonly Lock _lock = new();

    public List<IReadOnlyList<ChatMessage>> Asked { get; } = [];

    public ChatOptions? LastOptions { get; private set; }

    public bool IsDisposed { get; private set; }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        IReadOnlyList<ChatMessage> asked = [.. messages];
        lock (_lock)
        {
            Asked.Add(asked);
            LastOptions = options;
        }
        return Task.FromResult(answer(asked));
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null,
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates()) yield return update;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose() => IsDisposed = true;

    public static ChatResponse Reply(string text, string finishReason = "stop", params AIContent[] others) =>
        new(new ChatMessage(ChatRole.Assistant, [.. others, new TextContent(text)]))
        {
            FinishReason = new ChatFinishReason(finishReason),
            Usage = new() { InputTokenCount = 11, OutputTokenCount = 4 },
        };
}
