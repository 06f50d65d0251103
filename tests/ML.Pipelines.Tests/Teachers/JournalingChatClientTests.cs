using System.Text.Json;
using Microsoft.Extensions.AI;
using ML.Pipelines.Runs.Journals;
using ML.Pipelines.Runs.Stores;
using ML.Pipelines.Teachers;

namespace ML.Pipelines.Tests.Teachers;

[TestClass]
public sealed class JournalingChatClientTests
{
    private static readonly TeacherInfo Info = TeacherInfo.Remote("m");

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    [TestCleanup]
    public void Clean() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public async Task A_call_is_made_once_over_processes_and_its_reply_is_the_same()
    {
        var client = new ScriptedChatClient(_ => ScriptedChatClient.Reply("42", "stop", new TextReasoningContent("Thought.")));
        TeacherReply first, second;
        using (var journal = Open()) first = await new Teacher(client, Info, journal).AskAsync(TeacherTests.Call());
        using (var journal = Open()) second = await new Teacher(client, Info, journal).AskAsync(TeacherTests.Call());
        Assert.AreEqual(first, second);
        Assert.AreEqual("42", first.Text);
        Assert.HasCount(1, client.Asked);
    }

    [TestMethod]
    [DataRow("", "stop")]
    [DataRow("Half", "length")]
    [DataRow("Half", "content_filter")]
    [DataRow("I cannot assist with that.", "stop")]
    public async Task A_reply_that_is_no_data_is_not_paid_for_again_either(string text, string finishReason)
    {
        var client = new ScriptedChatClient(_ => ScriptedChatClient.Reply(text, finishReason));
        using var journal = Open();
        var teacher = new Teacher(client, Info, journal);
        var first = await teacher.AskAsync(TeacherTests.Call());
        Assert.IsNotNull(first.Error);
        Assert.AreEqual(first, await teacher.AskAsync(TeacherTests.Call()));
        Assert.HasCount(1, client.Asked);
    }

    [TestMethod]
    public async Task A_refusal_in_its_own_content_stays_one()
    {
        var client = new ScriptedChatClient(_ => ScriptedChatClient.Reply("", "stop", new ErrorContent("No.") { ErrorCode = "Refusal" }));
        using var journal = Open();
        var teacher = new Teacher(client, Info, journal);
        var first = await teacher.AskAsync(TeacherTests.Call());
        Assert.AreEqual(ErrorCode.TeacherRefusal, first.Error!.Code);
        Assert.AreEqual(first, await teacher.AskAsync(TeacherTests.Call()));
    }

    [TestMethod]
    public async Task A_call_that_failed_is_not_kept()
    {
        var fails = true;
        var client = new ScriptedChatClient(_ => fails ? throw new TeacherFaultException(TeacherFaultKind.ServerError, "oops")
            : ScriptedChatClient.Reply("42"));
        using var journal = Open();
        var teacher = new Teacher(client, Info, journal);
        Assert.IsNotNull((await teacher.AskAsync(TeacherTests.Call())).Error);
        Assert.AreEqual(0, journal.Count);
        fails = false;
        Assert.AreEqual("42", (await teacher.AskAsync(TeacherTests.Call())).Text);
    }

    [TestMethod]
    public async Task Every_part_of_a_call_and_the_model_make_it_another_call()
    {
        var client = new ScriptedChatClient(_ => ScriptedChatClient.Reply("42"));
        using var journal = Open();
        var call = TeacherTests.Call();
        TeacherCall[] others =
        [
            call, call with { RowId = "row 2" }, call with { Stage = "grade" }, call with { Messages = [new(ChatRole.User, "Rewrite!")] },
            call with { Messages = [new(ChatRole.System, "Rewrite.")] },
                call with { Messages = [new(ChatRole.User, "Re"), new(ChatRole.User, "write.")] },
            call with { MaxOutputTokens = 1 }, call with { Temperature = 1 }, call with { TopP = 1 }, call with { TopK = 1 },
            call with { RepetitionPenalty = 1 }, call with { Seed = 1 }, call with { StopSequences = ["1"] },
            call with { ReplySchema = JsonDocument.Parse("{}").RootElement }, call with { ReplySchema = JsonDocument.Parse("""{"type":"object"}""").RootElement },
        ];
        foreach (var other in others) await new Teacher(client, Info, journal).AskAsync(other);
        foreach (var other in others) await new Teacher(client, Info, journal).AskAsync(other);
        Assert.HasCount(others.Length, client.Asked);
        await new Teacher(client, TeacherInfo.Remote("m", "2"), journal).AskAsync(call);
        Assert.HasCount(others.Length + 1, client.Asked);
    }

    [TestMethod]
    public void The_hash_of_a_call_stays_what_it_was()
    {
        var call = TeacherTests.Call() with { Seed = 7, Temperature = 0.5f, RepetitionPenalty = 1.5f, StopSequences = ["a", "b"] };
        Assert.AreEqual("d5646eed660a65a39cd428d53a79263d535bc972ed9c2a18eaeb21f18e2c69f1",
            CallPayload.Hash(call.Messages, CallProperties.ToOptions(call)));
    }

    [TestMethod]
    public async Task A_call_that_does_not_tell_its_row_is_an_argument_exception()
    {
        using var journal = Open();
        using var client = new JournalingChatClient(new ScriptedChatClient(_ => ScriptedChatClient.Reply("42")), journal, Info);
        await Assert.ThrowsExactlyAsync<ArgumentException>(() => client.GetResponseAsync("a"));
    }

    [TestMethod]
    public async Task A_streaming_request_is_journaled_as_well()
    {
        var inner = new ScriptedChatClient(_ => ScriptedChatClient.Reply("42"));
        using var journal = Open();
        using var client = new JournalingChatClient(inner, journal, Info);
        var call = TeacherTests.Call();
        for (var pass = 0; pass < 2; pass++)
            Assert.AreEqual("42", (await client.GetStreamingResponseAsync(call.Messages,
                CallProperties.ToOptions(call)).ToChatResponseAsync()).Text);
        Assert.HasCount(1, inner.Asked);
    }

    private LogJournal Open() => new(new LocalRunStore(_folder), "journal");
}
