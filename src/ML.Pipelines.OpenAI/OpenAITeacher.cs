using ML.Pipelines.Runs.Journals;
using ML.Pipelines.Teachers;
using ML.Pipelines.Teachers.Policies;

namespace ML.Pipelines.OpenAI;

/// <summary>Teachers on OpenAI-compatible servers.</summary>
public static class OpenAITeacher
{
    /// <summary>A teacher; nothing is sent before the first question.</summary>
    /// <param name="server">The model and its server.</param>
    /// <param name="options">How the server is called; null: the defaults.</param>
    /// <param name="journal">Keeps replies, for example <see cref="Runs.PipelineRun.Journal"/>; null: each call is made.</param>
    /// <param name="time">The clock; null: the system's.</param>
    /// <exception cref="PipelineException">
    /// <see cref="ErrorCode.Configuration"/>: an option is out of range; <see cref="ErrorCode.TeacherUnauthorized"/>: the key's variable
    /// is not set.
    /// </exception>
    public static Teacher Create(
        OpenAIServer server, TeacherOptions? options = null, IReplyJournal? journal = null, TimeProvider? time = null)
    {
        var connection = new ServerConnection(server);
        return Teacher.OnServer(new ServerChatClient(connection), Info(server), options ?? new(), journal, time);
    }

    /// <summary>What a teacher there is; its fingerprint depends on model and revision, not on the server.</summary>
    public static TeacherInfo Info(OpenAIServer server)
    {
        ArgumentNullException.ThrowIfNull(server);
        return TeacherInfo.Remote(server.Model, server.Revision, server.ContextLength);
    }

    /// <summary>Asks the server whether it takes the key and serves the model, before anything is paid for. The first call does so as
    /// well.</summary>
    /// <param name="server">The model and its server.</param>
    /// <param name="options">How the server is called; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the check.</param>
    /// <exception cref="PipelineException">
    /// <see cref="ErrorCode.TeacherUnauthorized"/>, <see cref="ErrorCode.TeacherUnknownModel"/>,
    /// <see cref="ErrorCode.TeacherUnreachable"/> and so on.
    /// </exception>
    public static async Task CheckAsync(OpenAIServer server, TeacherOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var connection = new ServerConnection(server);
        using var check = new ModelCheck(connection);
        var policies = new CallPolicies(options ?? new(), operation: null, server.Model);
        try
        {
            await policies.ExecuteAsync(0, async token =>
            {
                await check.EnsureAsync(token).ConfigureAwait(false);
                return new CallResult<bool>(true, 0, 0);
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (TeacherFaultException fault)
        {
            throw new PipelineException(FaultRule.Of(fault.Kind).Code, fault.Message, fault);
        }
    }
}
