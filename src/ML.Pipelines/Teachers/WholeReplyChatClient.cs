using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace ML.Pipelines.Teachers;

/// <summary>A delegating client that works on whole replies; a streaming request passes through it as one, and none around it.</summary>
/// <param name="inner">The client that it delegates to, and disposes.</param>
public abstract class WholeReplyChatClient(IChatClient inner) : DelegatingChatClient(inner)
{
    /// <inheritdoc/>
    public sealed override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var response = await GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        foreach (var update in response.ToChatResponseUpdates()) yield return update;
    }

    /// <inheritdoc/>
    public abstract override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default);
}
