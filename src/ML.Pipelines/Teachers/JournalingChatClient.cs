using System.Text.Json;
using Microsoft.Extensions.AI;
using ML.Pipelines.Runs;
using ML.Pipelines.Runs.Journals;

namespace ML.Pipelines.Teachers;

/// <summary>Keeps replies in a journal: a call is paid for once, also over processes that were killed.</summary>
/// <remarks>
/// Every reply that the model finished is kept, the cut, filtered and empty ones too: asking the same again would pay for the same.
/// Calls that failed are not kept. The options carry <see cref="CallProperties.RowId"/> and <see cref="CallProperties.Stage"/>.
/// </remarks>
/// <param name="inner">Answers what the journal does not hold.</param>
/// <param name="journal">The journal, for example <see cref="PipelineRun.Journal"/>.</param>
/// <param name="teacher">The teacher; its fingerprint identifies it.</param>
public sealed class JournalingChatClient(IChatClient inner, IReplyJournal journal, TeacherInfo teacher) : WholeReplyChatClient(inner)
{
    private const string RefusalCode = "Refusal";

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The options do not tell the row or the stage.</exception>
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var asked = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        var key = KeyOf(teacher, asked, options);
        if (Find(journal, key) is { } known) return known;
        var response = await InnerClient.GetResponseAsync(asked, options, cancellationToken).ConfigureAwait(false);
        journal.Add(key, Write(response));
        return response;
    }

    internal static JournalKey KeyOf(TeacherInfo teacher, IReadOnlyList<ChatMessage> messages, ChatOptions? options) =>
        new(Property(options, CallProperties.RowId), Property(options, CallProperties.Stage), teacher.Fingerprint,
            CallPayload.Hash(messages, options));

    internal static ChatResponse? Find(IReplyJournal journal, JournalKey key)
    {
        if (journal.Find(key) is not { } known) return null;
        PipelineTelemetry.JournalHit(key.Stage);
        return Read(known);
    }

    private static string Property(ChatOptions? options, string name) =>
        options?.AdditionalProperties?.TryGetValue(name, out string? value) == true ? value!
            : throw new ArgumentException($"The call does not tell {name}: without it, its reply has no place in a journal.",
                nameof(options));

    private static JournalReply Write(ChatResponse response)
    {
        var contents = response.Messages.SelectMany(message => message.Contents).ToArray();
        var kept = new KeptReply(
            response.Text,
            Joined(contents.OfType<TextReasoningContent>().Select(content => content.Text)),
            contents.OfType<ErrorContent>().FirstOrDefault(content => content.ErrorCode == RefusalCode)?.Message);
        return new(JsonSerializer.Serialize(kept), response.Usage?.InputTokenCount ?? 0, response.Usage?.OutputTokenCount ?? 0,
            response.FinishReason?.Value);
    }

    private static string? Joined(IEnumerable<string> texts) => string.Concat(texts) is { Length: > 0 } text ? text : null;

    private static ChatResponse Read(JournalReply reply)
    {
        var kept = JsonSerializer.Deserialize<KeptReply>(reply.Reply)!;
        var contents = new List<AIContent>();
        if (kept.Reasoning is { } reasoning) contents.Add(new TextReasoningContent(reasoning));
        if (kept.Text.Length > 0) contents.Add(new TextContent(kept.Text));
        if (kept.Refusal is { } refusal) contents.Add(new ErrorContent(refusal) { ErrorCode = RefusalCode });
        return new(new ChatMessage(ChatRole.Assistant, contents))
        {
            FinishReason = reply.FinishReason is { } reason ? new ChatFinishReason(reason) : null,
            Usage = new() { InputTokenCount = reply.InputTokens, OutputTokenCount = reply.OutputTokens },
        };
    }

    private sealed record KeptReply(string Text, string? Reasoning, string? Refusal);
}
