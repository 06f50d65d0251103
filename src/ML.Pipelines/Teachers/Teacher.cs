using Microsoft.Extensions.AI;
using ML.Pipelines.Runs.Journals;

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
    public async ValueTask<TeacherReply> AskAsync(TeacherCall call, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Messages.Count == 0) throw new ArgumentException("The call has no messages.", nameof(call));
        try
        {
            var response = await _client.GetResponseAsync(call.Messages, CallProperties.ToOptions(call), cancellationToken).ConfigureAwait(false);
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

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();
}
