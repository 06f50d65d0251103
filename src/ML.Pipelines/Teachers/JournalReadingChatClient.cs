using Microsoft.Extensions.AI;
using ML.Pipelines.Runs.Journals;

namespace ML.Pipelines.Teachers;

/// <summary>Answers what a journal holds; what it does not is another client's to make and to keep.</summary>
internal sealed class JournalReadingChatClient(IChatClient inner, IReplyJournal journal, TeacherInfo teacher) : WholeReplyChatClient(inner)
{
    public override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var asked = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        return JournalingChatClient.Find(journal, JournalingChatClient.KeyOf(teacher, asked, options)) is { } known
            ? Task.FromResult(known) : InnerClient.GetResponseAsync(asked, options, cancellationToken);
    }
}
