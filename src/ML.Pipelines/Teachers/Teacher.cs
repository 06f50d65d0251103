using Microsoft.Extensions.AI;
using ML.Pipelines.Runs.Journals;
using ML.Pipelines.Teachers.Policies;

namespace ML.Pipelines.Teachers;

/// <summary>A language model that stages ask. What cannot be used is a typed error, never data.</summary>
/// <remarks>Safe for concurrent calls. A call's reply depends on the call alone: a journal answers what was asked before.</remarks>
public sealed class Teacher : IDisposable
{
    private readonly IChatClient _client;

    /// <summary>A teacher over any chat client, in this process or elsewhere.</summary>
    /// <param name="client">Answers; disposed with the teacher.</param>
    /// <param name="info">What the teacher is.</param>
    /// <param name="journal">Keeps replies, for example <see cref="Runs.PipelineRun.Journal"/>; null: each call is made.</param>
    public Teacher(IChatClient client, TeacherInfo info, IReplyJournal? journal = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(info);
        Info = info;
        _client = journal is null ? client : new JournalingChatClient(client, journal, info);
    }

    // Replies are journaled within the policies, so that a budget that is spent ends no run before the replies under way are kept; and
    // looked for outside of them, because a reply that is there needs no place and no money.
    private Teacher(IChatClient client, TeacherInfo info, IReplyJournal? journal, CallPolicies policies)
    {
        var server = new PolicyChatClient(journal is null ? client : new JournalingChatClient(client, journal, info), policies);
        (Info, Policies) = (info, policies);
        _client = journal is null ? server : new JournalReadingChatClient(server, journal, info);
    }

    /// <summary>A teacher on a server: calls are limited, made again and paid for as the options say.</summary>
    /// <param name="client">Makes single requests, each of its faults a <see cref="TeacherFaultException"/>; disposed with the
    /// teacher.</param>
    /// <param name="info">What the teacher is.</param>
    /// <param name="options">How the server is called.</param>
    /// <param name="journal">As for the constructor.</param>
    /// <param name="time">The clock; null: the system's.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>: an option is out of range.</exception>
    public static Teacher OnServer(
        IChatClient client, TeacherInfo info, TeacherOptions options, IReplyJournal? journal = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(info);
        return new(client, info, journal, new CallPolicies(options, "chat", info.Name, time));
    }

    /// <summary>How the server is doing, and what its calls took; null for a teacher without a server.</summary>
    public CallPolicies? Policies { get; }

    /// <summary>What the teacher is.</summary>
    public TeacherInfo Info { get; }

    /// <summary>Asks the teacher.</summary>
    /// <param name="call">The question.</param>
    /// <param name="cancellationToken">Cancels the wait for the reply.</param>
    /// <returns>The reply, or why this row has none.</returns>
    /// <exception cref="ArgumentException">The call has no messages.</exception>
    /// <exception cref="PipelineException">
    /// The configuration is wrong or the server is away: every row would fail (<see cref="FaultRule.StopsRun"/>).
    /// </exception>
    /// <exception cref="BudgetSpentException">The budget is spent: the run ends with work left.</exception>
    public async ValueTask<TeacherReply> AskAsync(TeacherCall call, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Messages.Count == 0) throw new ArgumentException("The call has no messages.", nameof(call));
        try
        {
            var options = CallProperties.ToOptions(call);
            var response = await _client.GetResponseAsync(call.Messages, options, cancellationToken).ConfigureAwait(false);
            return ReplyReading.Read(response, Info);
        }
        catch (TeacherFaultException fault)
        {
            if (fault.Rule.StopsRun) throw fault.ToPipelineException();
            return new() { Error = fault.ToRowError() };
        }
        catch (PipelineException fault) when (fault.Code is ErrorCode.ContextOverflow or ErrorCode.TokenOutOfRange or ErrorCode.NotFinite)
        {
            // A model in this process says so of a single prompt.
            return TeacherReply.Failed(fault.Code, fault.Message);
        }
    }

    /// <summary>Asks for JSON: parsed tolerantly, checked against the call's schema, and asked for once more where it is neither.</summary>
    /// <param name="call">The question; without a <see cref="TeacherCall.ReplySchema"/>, any JSON object or array will do.</param>
    /// <param name="cancellationToken">Cancels the wait for the reply.</param>
    /// <returns>The value, or why this row has none.</returns>
    /// <remarks>Throws as <see cref="AskAsync"/>. The repair is a call of its own in the journal.</remarks>
    public async ValueTask<StructuredReply> AskJsonAsync(TeacherCall call, CancellationToken cancellationToken = default)
    {
        var reply = await AskAsync(call, cancellationToken).ConfigureAwait(false);
        var first = StructuredReply.Read(reply, call.ReplySchema);
        if (first.Value is not null || reply.Text is null) return first;
        var repair = call with
        {
            Messages = [.. call.Messages, new(ChatRole.Assistant, reply.Text), new(ChatRole.User, Repair(first.Error!.Message))],
        };
        var second = StructuredReply.Read(await AskAsync(repair, cancellationToken).ConfigureAwait(false), call.ReplySchema);
        return second with
        {
            InputTokens = first.InputTokens + second.InputTokens,
            OutputTokens = first.OutputTokens + second.OutputTokens,
            Repaired = true,
        };
    }

    private static string Repair(string fault) => $"{fault} Reply again with the corrected JSON alone: no explanation, no code fence.";

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();
}
