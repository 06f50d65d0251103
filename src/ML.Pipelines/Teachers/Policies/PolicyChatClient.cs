using Microsoft.Extensions.AI;

namespace ML.Pipelines.Teachers.Policies;

/// <summary>Makes chat calls under a policy.</summary>
/// <param name="inner">Makes single requests; its faults are <see cref="TeacherFaultException"/>s.</param>
/// <param name="policy">The policy, usually <see cref="CallPolicies"/>.</param>
public sealed class PolicyChatClient(IChatClient inner, ICallPolicy policy) : WholeReplyChatClient(inner)
{
    /// <summary>Characters a token of ordinary English; only an estimate before a server tells.</summary>
    private const int CharactersPerToken = 4;

    /// <inheritdoc/>
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var asked = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        var result = await policy.ExecuteAsync(EstimateTokens(asked), async token =>
        {
            var response = await InnerClient.GetResponseAsync(asked, options, token).ConfigureAwait(false);
            return new CallResult<ChatResponse>(response, response.Usage?.InputTokenCount ?? 0, response.Usage?.OutputTokenCount ?? 0);
        }, cancellationToken).ConfigureAwait(false);
        return result.Value;
    }

    private static long EstimateTokens(IReadOnlyList<ChatMessage> messages) =>
        messages.Sum(message => 1 + (long)message.Text.Length / CharactersPerToken);
}
