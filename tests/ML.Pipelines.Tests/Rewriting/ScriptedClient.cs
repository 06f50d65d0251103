using System.Collections.Concurrent;
using Microsoft.Extensions.AI;
using ML.Pipelines.Teachers;

namespace ML.Pipelines.Tests.Rewriting;

/// <summary>A teacher whose replies a test writes.</summary>
/// <param name="reply">Gives the reply to a conversation.</param>
internal sealed class ScriptedClient(Func<IReadOnlyList<ChatMessage>, string> reply) : IChatClient
{
    private readonly ConcurrentQueue<IReadOnlyList<ChatMessage>> _asked = new();

    public static TeacherInfo Info { get; } = new("scripted", "scripted-1");

    /// <summary>All conversations so far.</summary>
    public IReadOnlyList<IReadOnlyList<ChatMessage>> Asked => [.. _asked];

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        IReadOnlyList<ChatMessage> conversation = [.. messages];
        _asked.Enqueue(conversation);
        return new(new ChatMessage(ChatRole.Assistant, reply(conversation)))
        {
            FinishReason = ChatFinishReason.Stop,
            Usage = new() { InputTokenCount = 10, OutputTokenCount = 5 },
        };
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose() { }
}
