using Microsoft.Extensions.AI;

namespace ML.Pipelines.OnnxRuntime.Tests.Generation;

[TestClass]
public sealed class StreamingTests
{
    private static readonly OnnxChatClient Client = ChatClients.Bundled;

    [TestMethod]
    [DataRow(null)]
    [DataRow("\n\n")]
    [DataRow("the ")]
    public async Task The_pieces_are_the_reply_and_the_last_one_has_reason_and_usage(string? stop)
    {
        foreach (var golden in GoldenReply.All.Take(10))
        {
            var options = new ChatOptions { MaxOutputTokens = 80, StopSequences = stop is null ? null : [stop] };
            var updates = await Client.GetStreamingResponseAsync(golden.Prompt, options).ToListAsync();
            var whole = await Client.GetResponseAsync(golden.Prompt, options);
            Assert.AreEqual(whole.Text, string.Concat(updates.Select(update => update.Text)));
            Assert.AreEqual(whole.FinishReason, updates[^1].FinishReason);
            Assert.IsTrue(updates.SkipLast(1).All(update => update.FinishReason is null));
            var usage = updates[^1].Contents.OfType<UsageContent>().Single().Details;
            Assert.AreEqual(whole.Usage!.OutputTokenCount, usage.OutputTokenCount);
            Assert.AreEqual(whole.Usage.InputTokenCount, usage.InputTokenCount);
        }
    }

    [TestMethod]
    public async Task Text_comes_before_the_reply_has_ended()
    {
        using var client = ChatClients.Endless(ChatClients.Cpu);
        var passes = 0;
        client.Session.PassStarting = _ => Interlocked.Increment(ref passes);
        await using var updates = client.GetStreamingResponseAsync("hi", new() { MaxOutputTokens = 10_000 }).GetAsyncEnumerator();
        Assert.IsTrue(await updates.MoveNextAsync());
        Assert.AreNotEqual("", updates.Current.Text);
        Assert.IsLessThan(5_000, passes);
    }

    [TestMethod]
    public async Task A_reader_that_leaves_ends_the_decoding()
    {
        using var client = ChatClients.Endless(ChatClients.Cpu with { MaxRows = 1 });
        var passes = 0;
        client.Session.PassStarting = _ => Interlocked.Increment(ref passes);
        await foreach (var _ in client.GetStreamingResponseAsync("hi", new() { MaxOutputTokens = 10_000 })) break;
        await client.GetResponseAsync("hi", new() { MaxOutputTokens = 2 });
        Assert.IsLessThan(5_000, passes);
    }

    [TestMethod]
    public async Task A_fault_comes_to_the_reader()
    {
        using var client = OnnxChatClient.Load(OnnxModel.Bundled, ChatClients.Cpu with { ContextLength = 4 });
        var fault = await Assert.ThrowsExactlyAsync<PipelineException>(async () =>
            await client.GetStreamingResponseAsync("long enough").ToListAsync());
        Assert.AreEqual(ErrorCode.ContextOverflow, fault.Code);
    }

    [TestMethod]
    public async Task Cancelling_ends_the_stream()
    {
        using var client = ChatClients.Endless(ChatClients.Cpu);
        using var cancellation = new CancellationTokenSource();
        await Assert.ThrowsAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in client.GetStreamingResponseAsync("hi", new() { MaxOutputTokens = 10_000 }, cancellation.Token))
                await cancellation.CancelAsync();
        });
    }
}
