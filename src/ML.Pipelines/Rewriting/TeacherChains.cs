using Microsoft.Extensions.AI;
using ML.Pipelines.Teachers;

namespace ML.Pipelines.Rewriting;

/// <summary>How a method asks for a chain and reads the reply.</summary>
internal interface IShorteningMethod
{
    /// <summary>The stage's name.</summary>
    string Name { get; }

    /// <summary>The values for the prompt.</summary>
    IReadOnlyDictionary<string, string> Values(ChainRow row, string answer, double? rate);

    /// <summary>The chain of a reply, or what is wrong with its form.</summary>
    (ShortChain? Chain, (string Verdict, string Feedback)? Fault) Read(ChainRow row, string reply);
}

/// <summary>Chains that a teacher writes. A reply that failed is answered with what was wrong.</summary>
/// <param name="method">The method.</param>
/// <param name="teacher">The teacher.</param>
/// <param name="options">How it is asked.</param>
internal sealed class TeacherChains(IShorteningMethod method, Teacher teacher, TeacherShorteningOptions options) : IChainSource
{
    /// <summary>Errors that lie in the reply: asked in other words, the teacher may do better.</summary>
    private static readonly string[] OfReply = [ErrorCode.TeacherEmpty, ErrorCode.TeacherRefusal, ErrorCode.TeacherTruncated, ErrorCode.TeacherFiltered];

    public string Name => method.Name;

    public PromptTemplate Prompt => options.Prompt;

    public int MostAttempts => options.Retries + 1;

    public async ValueTask<ChainReply> NextAsync(
        ChainRow row, string answer, double? rate, IReadOnlyList<FailedChain> failed, CancellationToken cancellationToken)
    {
        var values = method.Values(row, answer, rate);
        if (options.Prompt.Placeholders.FirstOrDefault(name => !values.ContainsKey(name)) is { } missing) return new(null, Error: Lacks(row, missing));
        List<ChatMessage> messages = [.. options.Prompt.Render(values)];
        foreach (var chain in failed) Ask(messages, chain.Text, $"This cannot be used. {chain.Feedback} Write it again, as asked for.");
        var reply = await teacher.AskAsync(Call(row, messages, failed.Count + 1), cancellationToken).ConfigureAwait(false);
        if (reply.Error is { } error) return OfReply.Contains(error.Code) ? new(null, reply.Text, (error.Code, error.Message)) : new(null, Error: error);
        var (read, fault) = method.Read(row, reply.Text!);
        return new(read, reply.Text, fault);
    }

    // Many templates take turns only: where there is no reply to answer, the question itself says more.
    private static void Ask(List<ChatMessage> messages, string? reply, string feedback)
    {
        if (reply is null)
        {
            messages[^1] = new(ChatRole.User, $"{messages[^1].Text}\n\n{feedback}");
            return;
        }
        messages.Add(new(ChatRole.Assistant, reply));
        messages.Add(new(ChatRole.User, feedback));
    }

    private RowError Lacks(ChainRow row, string value) => new(ErrorCode.TypeMismatch,
        $"Row {row.Id} has no value for {{{{{value}}}}} of prompt '{options.Prompt.Name}'. Give it one, or choose a prompt that does without.");

    private TeacherCall Call(ChainRow row, List<ChatMessage> messages, int attempt) => new()
    {
        RowId = row.Id,
        Stage = method.Name,
        Messages = [.. messages],
        MaxOutputTokens = options.MaxOutputTokens,
        Temperature = options.Temperature,
        Seed = options.Temperature > 0 ? options.Seed + attempt - 1 : null,
    };
}
