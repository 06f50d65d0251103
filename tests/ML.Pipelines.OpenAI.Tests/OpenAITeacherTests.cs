using System.Text.Json;
using Microsoft.Extensions.AI;
using ML.Pipelines.Teachers;

namespace ML.Pipelines.OpenAI.Tests;

[TestClass]
public sealed class OpenAITeacherTests : TeacherTest
{
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task A_reply_comes_with_its_text_tokens_and_finish_reason(bool stream)
    {
        var server = await StartAsync(new() { Reply = _ => new("An answer.") { InputTokens = 7, OutputTokens = 3 } });
        var reply = await Teach(At(server) with { Stream = stream }).AskAsync(Call("a"), Token);
        Assert.AreEqual(new TeacherReply { Text = "An answer.", InputTokens = 7, OutputTokens = 3, FinishReason = "stop" }, reply);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task The_reasoning_that_a_server_tells_apart_is_kept_apart(bool stream)
    {
        var server = await StartAsync(new() { Reply = _ => new("42") { Reasoning = "Six times seven." } });
        var reply = await Teach(At(server) with { Stream = stream }).AskAsync(Call("a"), Token);
        Assert.AreEqual(("42", "Six times seven."), (reply.Text, reply.Reasoning));
    }

    [TestMethod]
    public async Task Every_sampling_option_reaches_the_server_under_its_name()
    {
        var server = await StartAsync();
        await Teach(At(server)).AskAsync(Call("a") with
        {
            MaxOutputTokens = 77,
            Temperature = 0.5f,
            TopP = 0.25f,
            TopK = 20,
            RepetitionPenalty = 1.5f,
            Seed = 12345678901,
            StopSequences = ["END"],
        }, Token);
        var body = server.Requests.Single().Body;
        var sent = ((string[])["max_tokens", "temperature", "top_p", "top_k", "repetition_penalty", "repeat_penalty", "seed"])
            .Select(name => body.GetProperty(name).GetDouble());
        Assert.AreSequenceEqual([77, 0.5, 0.25, 20, 1.5, 1.5, 12345678901], sent);
        Assert.AreEqual("END", body.GetProperty("stop")[0].GetString());
        Assert.IsFalse(body.GetRawText().Contains("mlpipelines", StringComparison.Ordinal), "Row and stage are nobody's business.");
    }

    [TestMethod]
    public async Task What_is_not_set_is_not_sent()
    {
        var server = await StartAsync();
        await Teach(At(server)).AskAsync(Call("a"), Token);
        Assert.AreSequenceEqual(["messages", "model"],
            server.Requests.Single().Body.EnumerateObject().Select(property => property.Name).Order());
    }

    [TestMethod]
    public async Task The_output_limit_has_the_name_that_the_server_is_said_to_know()
    {
        var server = await StartAsync();
        await Teach(At(server) with
        {
            OutputLimitParameter =
            "max_completion_tokens"
        }).AskAsync(Call("a") with { MaxOutputTokens = 9 }, Token);
        Assert.AreEqual(9, server.Requests.Single().Number("max_completion_tokens"));
        Assert.IsNull(server.Requests.Single().Number("max_tokens"));
    }

    [TestMethod]
    public async Task A_turn_that_the_assistant_began_is_continued()
    {
        var server = await StartAsync();
        await Teach(At(server)).AskAsync(Call("a") with { Messages = [new(ChatRole.User, "a"), new(ChatRole.Assistant, "It is")] }, Token);
        var body = server.Requests.Single().Body;
        Assert.IsTrue(body.GetProperty("continue_final_message").GetBoolean());
        Assert.IsFalse(body.GetProperty("add_generation_prompt").GetBoolean());
    }

    [TestMethod]
    public async Task A_schema_is_the_response_format_where_the_server_knows_it()
    {
        var server = await StartAsync(new() { Reply = _ => new("""{"level": 2}""") });
        var reply = await Teach(At(server)).AskJsonAsync(Call("a") with { ReplySchema = Schema }, Token);
        Assert.AreEqual(2, reply.Value!.Value.GetProperty("level").GetInt32());
        var format = server.Requests.Single().Body.GetProperty("response_format");
        Assert.AreEqual("json_schema", format.GetProperty("type").GetString());
        Assert.AreEqual("level", format.GetProperty("json_schema").GetProperty("schema").GetProperty("required")[0].GetString());
    }

    [TestMethod]
    public async Task A_schema_is_part_of_the_prompt_where_the_server_does_not_know_it()
    {
        var server = await StartAsync(new() { Reply = _ => new("```json\n{\"level\": 2,}\n```") });
        var call = Call("a") with { ReplySchema = Schema, Messages = [new(ChatRole.System, "You grade."), new(ChatRole.User, "a")] };
        var reply = await Teach(At(server) with { SupportsSchemas = false }).AskJsonAsync(call, Token);
        Assert.AreEqual(2, reply.Value!.Value.GetProperty("level").GetInt32());
        var body = server.Requests.Single().Body;
        Assert.IsFalse(body.TryGetProperty("response_format", out _));
        var messages = body.GetProperty("messages");
        Assert.AreEqual(2, messages.GetArrayLength());
        Assert.Contains("You grade.", messages[0].GetRawText());
        Assert.Contains("required", messages[0].GetRawText());
    }

    [TestMethod]
    public async Task A_reply_that_is_no_json_is_repaired_in_one_round()
    {
        var server = await StartAsync(new() { Reply = request => new(request.Row == "a" ? "Level two." : """{"level": 2}""") });
        var reply = await Teach(At(server)).AskJsonAsync(Call("a") with { ReplySchema = Schema }, Token);
        Assert.AreEqual((2, true, 20L, 10L),
            (reply.Value!.Value.GetProperty("level").GetInt32(), reply.Repaired, reply.InputTokens, reply.OutputTokens));
        Assert.AreEqual(2, server.Calls);
    }

    [TestMethod]
    public async Task A_reply_that_stays_no_json_is_an_error_of_its_row_after_two_calls()
    {
        var server = await StartAsync(new() { Reply = _ => new("""{"level": "two"}""") });
        var reply = await Teach(At(server)).AskJsonAsync(Call("a") with { ReplySchema = Schema }, Token);
        Assert.AreEqual(ErrorCode.TeacherInvalidJson, reply.Error!.Code);
        Assert.Contains("$.level must be of type integer", reply.Error.Message);
        Assert.AreEqual(2, server.Calls);
    }

    [TestMethod]
    public async Task Azure_gets_its_key_header_and_its_api_version()
    {
        var server = await StartAsync(new() { Key = Key });
        var reply = await Teach(WithKey(At(server)) with
        {
            KeyHeader = KeyHeader.ApiKey,
            ApiVersion =
            "2024-10-21"
        }).AskAsync(Call("a"), Token);
        Assert.IsNotNull(reply.Text);
        Assert.AreEqual("?api-version=2024-10-21", server.Requests.Single().Query);
    }

    [TestMethod]
    public async Task The_models_are_asked_for_once_before_the_first_call()
    {
        var server = await StartAsync();
        var teacher = Teach(At(server));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => teacher.AskAsync(Call($"{i}"), Token).AsTask()));
        Assert.AreEqual(1, server.ModelLists);
        Assert.AreEqual(20, server.Calls);
    }

    [TestMethod]
    public async Task A_server_that_lists_no_models_is_called_all_the_same()
    {
        var server = await StartAsync(new() { Models = [], AnyModel = true });
        Assert.IsNotNull((await Teach(At(server)).AskAsync(Call("a"), Token)).Text);
    }

    [TestMethod]
    public void Two_servers_of_the_same_model_have_the_same_fingerprint_and_two_revisions_have_not()
    {
        var server = new OpenAIServer { Endpoint = new("http://a/v1"), Model = "m" };
        Assert.AreEqual(OpenAITeacher.Info(server), OpenAITeacher.Info(server with { Endpoint = new("http://b/v1") }));
        Assert.AreNotEqual(OpenAITeacher.Info(server), OpenAITeacher.Info(server with { Revision = "2" }));
    }

    private static JsonElement Schema { get; } = JsonDocument.Parse("""
        {"type": "object", "properties": {"level": {"type": "integer"}}, "required": ["level"], "additionalProperties": false}
        """).RootElement;
}
