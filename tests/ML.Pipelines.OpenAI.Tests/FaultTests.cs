using System.Net;
using System.Net.Sockets;
using ML.Pipelines.Testing;

namespace ML.Pipelines.OpenAI.Tests;

/// <summary>What goes wrong with one call, as the typed error of its row or the end of the run.</summary>
[TestClass]
public sealed class FaultTests : TeacherTest
{
    [TestMethod]
    [DataRow("", "stop", ErrorCode.TeacherEmpty)]
    [DataRow(" \n\t", "stop", ErrorCode.TeacherEmpty)]
    [DataRow("Half a rep", "length", ErrorCode.TeacherTruncated)]
    [DataRow("Half a rep", "content_filter", ErrorCode.TeacherFiltered)]
    [DataRow("I'm sorry, but I can't assist with that.", "stop", ErrorCode.TeacherRefusal)]
    public async Task A_reply_that_is_no_data_is_an_error_of_its_row_and_is_not_asked_for_again(string text,
        string finishReason, string code)
    {
        var (reply, server) = await AskAsync(new() { Reply = _ => new(text) { FinishReason = finishReason } });
        Assert.IsNull(reply.Text);
        Assert.AreEqual((code, 1, 5L), (reply.Error!.Code, server.Calls, reply.OutputTokens));
    }

    [TestMethod]
    public async Task A_refusal_in_its_own_field_is_a_refusal()
    {
        var (reply, _) = await AskAsync(new() { Reply = _ => new("") { Refusal = "This is against the rules." } });
        Assert.AreEqual(ErrorCode.TeacherRefusal, reply.Error!.Code);
    }

    [TestMethod]
    [DataRow("""{"object":"error","message":"This model's maximum context length is 6048 tokens. However, you requested 6616 tokens.","type":"BadRequestError","code":400}""")]
    [DataRow("""{"error":{"message":"The decoder prompt (length 9000) is longer than the maximum model length of 8192.","type":"BadRequestError","code":400}}""")]
    [DataRow("""{"error":{"message":"Your input exceeds the limit.","type":"invalid_request_error","code":"context_length_exceeded"}}""")]
    [DataRow("""{"object":"error","message":"The input (9000 tokens) is longer than the model's context length (8192 tokens).","code":400}""")]
    [DataRow("""{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error","n_ctx":512}}""")]
    [DataRow("""{"error":"`inputs` tokens + `max_new_tokens` must be <= 4096","error_type":"validation"}""")]
    public async Task A_prompt_that_does_not_fit_is_an_error_of_its_row_however_the_server_says_it(string body)
    {
        var (reply, server) = await AskAsync(Failing(400, body));
        Assert.AreEqual((ErrorCode.TeacherContextOverflow, 1), (reply.Error!.Code, server.Calls));
    }

    [TestMethod]
    [DataRow(400, """{"error":{"code":"content_filter","message":"The response was filtered.","status":400}}""", ErrorCode.TeacherFiltered)]
    [DataRow(400, """{"error":{"message":"Unrecognized request argument supplied: top_k","code":null}}""", ErrorCode.TeacherBadRequest)]
    [DataRow(422, """{"detail":[{"loc":["body"],"msg":"field required"}]}""", ErrorCode.TeacherBadRequest)]
    public async Task A_refused_request_is_an_error_of_its_row_and_is_not_made_again(int status, string body, string code)
    {
        var (reply, server) = await AskAsync(Failing(status, body));
        Assert.AreEqual((code, 1), (reply.Error!.Code, server.Calls));
    }

    [TestMethod]
    [DataRow(404, """{"error":{"message":"The model `x` does not exist.","code":"model_not_found"}}""", ErrorCode.TeacherUnknownModel)]
    [DataRow(404, """{"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist."}}""", ErrorCode.TeacherUnknownModel)]
    [DataRow(400, """{"error":{"message":"Model Not Exist","type":"invalid_request_error"}}""", ErrorCode.TeacherUnknownModel)]
    [DataRow(404, """{"detail":"Not Found"}""", ErrorCode.TeacherUnknownEndpoint)]
    [DataRow(405, "", ErrorCode.TeacherUnknownEndpoint)]
    [DataRow(501, "", ErrorCode.TeacherUnknownEndpoint)]
    [DataRow(500, """{"error":{"code":500,"message":"Unsupported param: echo","type":"server_error"}}""", ErrorCode.TeacherUnknownEndpoint)]
    [DataRow(400, """{"error":{"message":"echo is not supported with chat models."}}""", ErrorCode.TeacherUnknownEndpoint)]
    [DataRow(401, "no", ErrorCode.TeacherUnauthorized)]
    [DataRow(403, "no", ErrorCode.TeacherUnauthorized)]
    [DataRow(402, """{"error":{"message":"Insufficient Balance"}}""", ErrorCode.TeacherQuota)]
    [DataRow(429, """{"error":{"message":"You exceeded your current quota.","code":"insufficient_quota"}}""", ErrorCode.TeacherQuota)]
    public async Task A_wrong_configuration_ends_the_run_at_the_first_call(int status, string body, string code)
    {
        var server = await StartAsync(Failing(status, body));
        Assert.AreEqual(code, (await FaultOf(At(server))).Code);
        Assert.AreEqual(1, server.Calls);
    }

    [TestMethod]
    public async Task A_model_that_the_server_does_not_list_ends_the_run_before_any_call_and_names_those_listed()
    {
        var server = await StartAsync(new() { Models = ["qwen", "llama"] });
        var fault = await FaultOf(At(server));
        Assert.AreEqual(ErrorCode.TeacherUnknownModel, fault.Code);
        Assert.Contains("qwen, llama", fault.Message);
        Assert.AreEqual(0, server.Calls);
    }

    [TestMethod]
    public async Task A_wrong_key_ends_the_run_before_any_call()
    {
        var server = await StartAsync(new() { Key = "another" });
        Assert.AreEqual(ErrorCode.TeacherUnauthorized, (await FaultOf(WithKey(At(server)))).Code);
        Assert.AreEqual(0, server.Calls);
        var checkFault = await Assert.ThrowsExactlyAsync<PipelineException>(() =>
            OpenAITeacher.CheckAsync(WithKey(At(server)), Fast, Token));
        Assert.AreEqual(ErrorCode.TeacherUnauthorized, checkFault.Code);
    }

    [TestMethod]
    public void A_key_that_is_not_set_is_named_by_its_variable()
    {
        var fault = Assert.ThrowsExactly<PipelineException>(() =>
            OpenAITeacher.Create(WithKey(new OpenAIServer { Endpoint = new("http://localhost/v1"), Model = "m" }, key: null)));
        Assert.AreEqual(ErrorCode.TeacherUnauthorized, fault.Code);
        Assert.Contains(KeyVariable, fault.Message);
    }

    [TestMethod]
    [DataRow("http://user:secret@localhost/v1")]
    [DataRow("http://localhost/v1?key=secret")]
    [DataRow("file:///v1")]
    public void An_address_with_a_secret_or_of_another_kind_is_refused_without_quoting_it(string address)
    {
        var fault = Assert.ThrowsExactly<PipelineException>(() =>
            OpenAITeacher.Create(new OpenAIServer { Endpoint = new(address), Model = "m" }));
        Assert.AreEqual(ErrorCode.Configuration, fault.Code);
        Assert.DoesNotContain("secret", fault.Message);
    }

    [TestMethod]
    public async Task A_server_that_fails_every_time_is_an_error_of_its_row_with_the_tries()
    {
        var (reply, server) = await AskAsync(Failing(500, "oops"));
        Assert.AreEqual((ErrorCode.TeacherServerError, 3, 3), (reply.Error!.Code, reply.Error.Attempts, server.Calls));
    }

    [TestMethod]
    public async Task A_hanging_server_is_an_error_of_its_row_after_the_request_time_of_each_try()
    {
        var (reply, server) = await AskAsync(new() { Fault = _ => new FakeFault.Hang() },
            Fast with { RequestTimeout = TimeSpan.FromMilliseconds(100) });
        Assert.AreEqual((ErrorCode.TeacherTimeout, 3, 3), (reply.Error!.Code, reply.Error.Attempts, server.Calls));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task A_cut_answer_is_asked_for_again_and_never_data(bool stream)
    {
        var server = await StartAsync(FailingFirst(2, new FakeFault.Truncate()));
        var reply = await Teach(At(server) with { Stream = stream }).AskAsync(Call("a"), Token);
        Assert.AreEqual(("Reply to a", 3), (reply.Text, server.Calls));
        var broken = await StartAsync(new() { Fault = _ => new FakeFault.Truncate() });
        reply = await Teach(At(broken) with { Stream = stream }).AskAsync(Call("a"), Token);
        Assert.AreEqual(ErrorCode.TeacherBrokenReply, reply.Error!.Code);
    }

    [TestMethod]
    [DataRow("<html>Bad gateway</html>")]
    [DataRow("{}")]
    [DataRow("[]")]
    [DataRow("""{"choices":[]}""")]
    [DataRow("""{"id":"1","object":"chat.completion","created":1,"model":"fake","choices":[{"index":0,"finish_reason":"odd","message":{"role":"assistant","content":"x"}}]}""")]
    public async Task An_answer_that_is_not_of_the_protocol_is_a_broken_reply(string body)
    {
        var (reply, server) = await AskAsync(new() { Fault = _ => new FakeFault.Garbage(body) });
        Assert.AreEqual((ErrorCode.TeacherBrokenReply, 3), (reply.Error?.Code, server.Calls));
    }

    [TestMethod]
    public async Task A_server_that_is_not_there_ends_the_run_when_patience_is_over()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var fault = await FaultOf(new OpenAIServer { Endpoint = new($"http://127.0.0.1:{port}/v1"), Model = "m" },
            Fast with { Patience = TimeSpan.FromMilliseconds(50) });
        Assert.AreEqual(ErrorCode.TeacherUnreachable, fault.Code);
    }

    [TestMethod]
    public async Task A_call_that_is_turned_away_for_long_does_not_use_up_its_tries()
    {
        var (reply, server) = await AskAsync(FailingFirst(20, FakeFault.Throttled()));
        Assert.AreEqual(("Reply to row", 21), (reply.Text, server.Calls));
    }

    [TestMethod]
    public async Task A_server_that_turns_away_longer_than_patience_ends_the_run()
    {
        var server = await StartAsync(new() { Fault = _ => FakeFault.Throttled("30") });
        Assert.AreEqual(ErrorCode.TeacherThrottled, (await FaultOf(At(server))).Code);
        Assert.AreEqual(1, server.Calls);
    }

    [TestMethod]
    public async Task A_cancelled_call_ends_as_cancelled()
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = await StartAsync(new()
        {
            Fault = _ =>
            {
                arrived.TrySetResult();
                return new FakeFault.Hang();
            },
        });
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var reply = Teach(At(server)).AskAsync(Call("a"), source.Token).AsTask();
        await arrived.Task;
        await source.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => reply);
    }
}
