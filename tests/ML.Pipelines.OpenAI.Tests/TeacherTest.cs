using Microsoft.Extensions.AI;
using ML.Pipelines.Runs.Journals;
using ML.Pipelines.Teachers;
using ML.Pipelines.Testing;

namespace ML.Pipelines.OpenAI.Tests;

/// <summary>Teachers on servers that are scripted; all are stopped after each test.</summary>
public abstract class TeacherTest
{
    protected const string Key = "sk-test-0123456789abcdefghijklmnop", KeyVariable = "TEST_TEACHER_KEY";

    private readonly List<FakeTeacherServer> _servers = [];
    private readonly List<IDisposable> _disposables = [];

    public TestContext TestContext { get; set; } = null!;

    protected CancellationToken Token => TestContext.CancellationToken;

    /// <summary>Calls that fail fast: real waits, but short.</summary>
    protected static TeacherOptions Fast { get; } = new()
    {
        RequestTimeout = TimeSpan.FromSeconds(20),
        FirstDelay = TimeSpan.FromMilliseconds(1),
        LongestDelay = TimeSpan.FromMilliseconds(10),
        Patience = TimeSpan.FromSeconds(20),
        MaxAttempts = 3,
    };

    [TestCleanup]
    public async Task StopAsync()
    {
        foreach (var disposable in _disposables) disposable.Dispose();
        foreach (var server in _servers) await server.DisposeAsync();
    }

    protected async Task<FakeTeacherServer> StartAsync(FakeTeacherScript? script = null)
    {
        var server = await FakeTeacherServer.StartAsync(script, Token);
        _servers.Add(server);
        return server;
    }

    protected static OpenAIServer At(FakeTeacherServer server) => new() { Endpoint = server.Endpoint, Model = "fake" };

    protected static OpenAIServer WithKey(OpenAIServer server, string? key = Key) =>
        server with { KeyVariable = KeyVariable, Variable = _ => key };

    protected Teacher Teach(OpenAIServer server, TeacherOptions? options = null, IReplyJournal? journal = null)
    {
        var teacher = OpenAITeacher.Create(server, options ?? Fast, journal);
        _disposables.Add(teacher);
        return teacher;
    }

    /// <summary>Asks a server that behaves as a script says.</summary>
    protected async Task<(TeacherReply Reply, FakeTeacherServer Server)> AskAsync(FakeTeacherScript script, TeacherOptions? options = null)
    {
        var server = await StartAsync(script);
        return (await Teach(At(server), options).AskAsync(Call("row"), Token), server);
    }

    protected async Task<PipelineException> FaultOf(OpenAIServer server, TeacherOptions? options = null) =>
        await Assert.ThrowsExactlyAsync<PipelineException>(async () => await Teach(server, options).AskAsync(Call("row"), Token));

    protected static TeacherCall Call(string row) =>
        new() { RowId = row, Stage = "rewrite", Messages = [new ChatMessage(ChatRole.User, row)] };

    protected static FakeTeacherScript Failing(int status, string body) => new() { Fault = _ => new FakeFault.Status(status, body) };

    protected static FakeTeacherScript FailingFirst(int times, FakeFault fault) =>
        new() { Fault = request => request.Attempt <= times ? fault : null };
}
