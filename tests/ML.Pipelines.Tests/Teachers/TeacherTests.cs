using System.Text.Json;
using Microsoft.Extensions.AI;
using ML.Pipelines.Teachers;

namespace ML.Pipelines.Tests.Teachers;

[TestClass]
public sealed class TeacherTests
{
    private static readonly TeacherInfo Info = TeacherInfo.Remote("m");

    [TestMethod]
    public async Task A_reply_has_its_text_reasoning_tokens_and_finish_reason()
    {
        var reply = await AskAsync(ScriptedChatClient.Reply("42", "stop", new TextReasoningContent("Six times "),
            new TextReasoningContent("seven.")));
        Assert.AreEqual(new TeacherReply
        {
            Text = "42",
            Reasoning = "Six times seven.",
            InputTokens = 11,
            OutputTokens = 4,
            FinishReason =
            "stop"
        }, reply);
    }

    [TestMethod]
    public async Task Text_is_handed_on_as_it_came()
    {
        Assert.AreEqual(" \n42\n", (await AskAsync(ScriptedChatClient.Reply(" \n42\n"))).Text);
    }

    [TestMethod]
    [DataRow("", "stop", ErrorCode.TeacherEmpty)]
    [DataRow("\n", "stop", ErrorCode.TeacherEmpty)]
    [DataRow("A rep", "length", ErrorCode.TeacherTruncated)]
    [DataRow("", "length", ErrorCode.TeacherTruncated)]
    [DataRow("A rep", "abort", ErrorCode.TeacherTruncated)]
    [DataRow("A rep", "content_filter", ErrorCode.TeacherFiltered)]
    [DataRow("I cannot assist with that request.", "stop", ErrorCode.TeacherRefusal)]
    public async Task What_is_no_data_is_an_error_and_no_text(string text, string finishReason, string code)
    {
        var reply = await AskAsync(ScriptedChatClient.Reply(text, finishReason));
        Assert.AreEqual((null, code, 4L, finishReason), (reply.Text, reply.Error!.Code, reply.OutputTokens, reply.FinishReason));
    }

    [TestMethod]
    public async Task A_reply_whose_end_nobody_tells_is_a_reply()
    {
        Assert.AreEqual("42", (await AskAsync(new ChatResponse(new ChatMessage(ChatRole.Assistant, "42")))).Text);
    }

    [TestMethod]
    public async Task All_options_of_a_call_reach_the_client()
    {
        var client = new ScriptedChatClient(_ => ScriptedChatClient.Reply("42"));
        using var teacher = new Teacher(client, Info);
        await teacher.AskAsync(Call() with
        {
            MaxOutputTokens = 5,
            Temperature = 0.5f,
            TopP = 0.9f,
            TopK = 3,
            RepetitionPenalty = 1.1f,
            Seed = 7,
            StopSequences = ["END"],
            ReplySchema = JsonDocument.Parse("{}").RootElement,
        });
        var options = client.LastOptions!;
        Assert.AreEqual((5, 0.5f, 0.9f, 3, 7L), (options.MaxOutputTokens, options.Temperature, options.TopP, options.TopK, options.Seed));
        Assert.AreSequenceEqual(["END"], options.StopSequences!);
        Assert.IsInstanceOfType<ChatResponseFormatJson>(options.ResponseFormat);
        Assert.AreEqual(1.1f, options.AdditionalProperties![CallProperties.RepetitionPenalty]);
        Assert.AreEqual(("row 1", "rewrite"),
            (options.AdditionalProperties[CallProperties.RowId], options.AdditionalProperties[CallProperties.Stage]));
    }

    [TestMethod]
    [DataRow(TeacherFaultKind.ServerError)]
    [DataRow(TeacherFaultKind.Timeout)]
    [DataRow(TeacherFaultKind.ContextOverflow)]
    public async Task A_fault_of_a_row_is_its_error(TeacherFaultKind kind)
    {
        using var teacher = new Teacher(new ScriptedChatClient(_ => throw new TeacherFaultException(kind, "said")), Info);
        Assert.AreEqual(new RowError(FaultRule.Of(kind).Code, "said"), (await teacher.AskAsync(Call())).Error);
    }

    [TestMethod]
    [DataRow(TeacherFaultKind.Unauthorized)]
    [DataRow(TeacherFaultKind.UnknownModel)]
    [DataRow(TeacherFaultKind.Unreachable)]
    public async Task A_fault_of_the_configuration_or_of_the_server_ends_the_run(TeacherFaultKind kind)
    {
        using var teacher = new Teacher(new ScriptedChatClient(_ => throw new TeacherFaultException(kind, "said")), Info);
        var fault = await Assert.ThrowsExactlyAsync<PipelineException>(async () => await teacher.AskAsync(Call()));
        Assert.AreEqual((FaultRule.Of(kind).Code, "said"), (fault.Code, fault.Message));
    }

    [TestMethod]
    public async Task A_prompt_too_long_for_a_model_in_this_process_is_an_error_of_its_row()
    {
        using var teacher = new Teacher(new ScriptedChatClient(_ =>
            throw new PipelineException(ErrorCode.ContextOverflow, "Too long.")), Info);
        Assert.AreEqual(ErrorCode.ContextOverflow, (await teacher.AskAsync(Call())).Error!.Code);
    }

    [TestMethod]
    public async Task A_call_without_messages_is_an_argument_exception()
    {
        using var teacher = new Teacher(new ScriptedChatClient(_ => ScriptedChatClient.Reply("42")), Info);
        await Assert.ThrowsExactlyAsync<ArgumentException>(async () => await teacher.AskAsync(Call() with { Messages = [] }));
    }

    [TestMethod]
    public void A_teacher_disposes_its_client()
    {
        var client = new ScriptedChatClient(_ => ScriptedChatClient.Reply("42"));
        new Teacher(client, Info).Dispose();
        Assert.IsTrue(client.IsDisposed);
    }

    [TestMethod]
    public async Task A_repair_shows_the_teacher_its_reply_and_what_is_wrong_with_it()
    {
        var client = new ScriptedChatClient(asked => ScriptedChatClient.Reply(asked.Count == 1 ? "Two." : "{\"level\": 2}"));
        using var teacher = new Teacher(client, Info);
        var reply = await teacher.AskJsonAsync(Call());
        Assert.AreEqual((2, true, 22L, 8L),
            (reply.Value!.Value.GetProperty("level").GetInt32(), reply.Repaired, reply.InputTokens, reply.OutputTokens));
        var repair = client.Asked[1];
        Assert.AreEqual(("Two.", ChatRole.Assistant, ChatRole.User), (repair[1].Text, repair[1].Role, repair[2].Role));
        Assert.Contains("no JSON object", repair[2].Text);
    }

    [TestMethod]
    public async Task A_truncated_reply_is_not_repaired()
    {
        var client = new ScriptedChatClient(_ => ScriptedChatClient.Reply("{\"lev", "length"));
        using var teacher = new Teacher(client, Info);
        Assert.AreEqual(ErrorCode.TeacherTruncated, (await teacher.AskJsonAsync(Call())).Error!.Code);
        Assert.HasCount(1, client.Asked);
    }

    internal static TeacherCall Call(string row = "row 1") =>
        new() { RowId = row, Stage = "rewrite", Messages = [new ChatMessage(ChatRole.User, "Rewrite.")] };

    private static async Task<TeacherReply> AskAsync(ChatResponse response)
    {
        using var teacher = new Teacher(new ScriptedChatClient(_ => response), Info);
        return await teacher.AskAsync(Call());
    }
}
