using Microsoft.Extensions.AI;
using ML.Pipelines.Runs;

namespace ML.Pipelines.Teachers;

/// <summary>Counts what a teacher's calls would cost, without asking anyone: for a plan's estimate.</summary>
/// <remarks>
/// Each question is counted once: that a reply fails and is asked for again cannot be known before. The reply is a level of difficulty, so
/// that what comes after a judgement is counted, too; no stage takes it for a chain.
/// </remarks>
/// <param name="countTokens">Counts the tokens of a text, or estimates them.</param>
/// <param name="report">Is told what each question would take; written tokens are the most that are allowed, 0 where nothing limits them.</param>
public sealed class EstimatingChatClient(Func<string, int> countTokens, Action<ModelUsage> report) : IChatClient
{
    private const string Reply = "moderate";

    /// <inheritdoc/>
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ChatMessage[] asked = [.. messages];
        if (asked.Count(message => message.Role == ChatRole.User) == 1)
            report(new(1, asked.Sum(message => (long)countTokens(message.Text)), options?.MaxOutputTokens ?? 0));
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, Reply)) { FinishReason = ChatFinishReason.Stop });
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    /// <inheritdoc/>
    public void Dispose() { }
}
