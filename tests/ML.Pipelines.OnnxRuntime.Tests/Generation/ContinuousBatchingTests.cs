using System.Collections.Concurrent;
using Microsoft.Extensions.AI;
using ML.Pipelines.OnnxRuntime.Scoring;
using ML.Pipelines.OnnxRuntime.Tests.Scoring;

namespace ML.Pipelines.OnnxRuntime.Tests.Generation;

[TestClass]
public sealed class ContinuousBatchingTests
{
    private const int Prompts = 120;

    private static readonly Lazy<Task<string[]>> GreedyAlone = new(() => RepliesAlone(Greedy));

    [TestMethod]
    [DataRow(32, 32768)]
    [DataRow(3, 32768)]
    [DataRow(16, 700)]
    public async Task Greedy_replies_are_the_same_alone_and_among_others(int rows, int cacheTokens)
    {
        using var client = OnnxChatClient.Load(OnnxModel.Bundled, ChatClients.Cpu with { MaxRows = rows, MaxCacheTokens = cacheTokens });
        CollectionAssert.AreEqual(await GreedyAlone.Value, await RepliesTogether(client, Greedy));
    }

    [TestMethod]
    public async Task Sampled_replies_are_the_same_alone_and_among_others() =>
        CollectionAssert.AreEqual(await RepliesAlone(Sampled), await RepliesTogether(ChatClients.Bundled, Sampled));

    [TestMethod]
    public async Task A_graph_without_a_cache_gives_the_same_replies()
    {
        using var folder = new ModelFolder().EditGraph(graph => GraphVariants.RemoveCache(graph, keepMask: true));
        using var client = OnnxChatClient.Load(OnnxModel.FromFolder(folder.Folder), ChatClients.Cpu);
        var expected = (await GreedyAlone.Value)[..12];
        CollectionAssert.AreEqual(expected, await Task.WhenAll(Enumerable.Range(0, 12)
            .Select(i => client.AskAsync(ChatClients.Prompt(i), Greedy(i)))));
    }

    [TestMethod]
    public async Task Passes_keep_to_the_most_rows_and_the_most_tokens_of_caches()
    {
        var (client, passes) = Observed(ChatClients.Cpu with { MaxRows = 5, MaxCacheTokens = 1500 });
        using (client) await RepliesTogether(client, Greedy);
        Assert.AreEqual(5, passes.Max(pass => pass.Rows));
        Assert.IsTrue(passes.All(pass => pass.Rows == 1 || pass.Rows * (pass.Past + pass.Tokens) <= 1500));
    }

    [TestMethod]
    public async Task A_row_that_gave_its_cache_up_goes_on_where_it_was()
    {
        const int Rows = 6, Limit = 700;
        var options = new ChatOptions { MaxOutputTokens = 200 };
        using var roomy = ChatClients.Endless(ChatClients.Cpu with { MaxRows = 1 });
        using var tight = ChatClients.Endless(ChatClients.Cpu with { MaxCacheTokens = Limit });
        var passes = new ConcurrentQueue<PassShape>();
        tight.Session.PassStarting = passes.Enqueue;
        Task<string[]> Replies(OnnxChatClient client) =>
            Task.WhenAll(Enumerable.Range(0, Rows).Select(i => client.AskAsync($"Number {i}", options)));
        CollectionAssert.AreEqual(await Replies(roomy), await Replies(tight));
        Assert.IsGreaterThan(Rows, passes.Count(pass => pass.Past == 0), "No row was forwarded anew.");
        Assert.IsTrue(passes.All(pass => pass.Rows == 1 || pass.Rows * (pass.Past + pass.Tokens) <= Limit));
    }

    [TestMethod]
    public async Task Concurrent_calls_share_passes()
    {
        var (client, passes) = Observed(ChatClients.Cpu);
        using (client) await RepliesTogether(client, Greedy);
        Assert.AreEqual(32, passes.Max(pass => pass.Rows));
    }

    [TestMethod]
    public async Task A_cancelled_call_ends_and_the_others_go_on()
    {
        using var client = ChatClients.Endless(ChatClients.Cpu);
        using var cancellation = new CancellationTokenSource();
        var cancelled = client.GetResponseAsync("one", new() { MaxOutputTokens = 10_000 }, cancellation.Token);
        var other = client.GetResponseAsync("two", new() { MaxOutputTokens = 40 });
        await cancellation.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => cancelled);
        Assert.AreEqual(40, (await other).Usage!.OutputTokenCount);
    }

    [TestMethod]
    public async Task A_call_that_fails_leaves_the_others_alone()
    {
        using var client = OnnxChatClient.Load(OnnxModel.Bundled, ChatClients.Cpu with { ContextLength = 60 });
        var fails = client.GetResponseAsync(new string('x', 500));
        var works = client.AskAsync(ChatClients.Prompt(0), Greedy(0));
        Assert.AreEqual(ErrorCode.ContextOverflow, (await TestScorers.FaultOf(() => fails)).Code);
        Assert.AreEqual((await GreedyAlone.Value)[0], await works);
    }

    [TestMethod]
    public async Task Disposing_ends_running_calls_and_refuses_new_ones()
    {
        var client = ChatClients.Endless(ChatClients.Cpu);
        var running = Enumerable.Range(0, 4).Select(i => client.GetResponseAsync(ChatClients.Prompt(i),
            new() { MaxOutputTokens = 10_000 })).ToArray();
        client.Dispose();
        foreach (var call in running) await Assert.ThrowsExactlyAsync<ObjectDisposedException>(() => call);
        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(() => client.GetResponseAsync("hi"));
    }

    [TestMethod]
    public async Task A_client_that_was_idle_decodes_again()
    {
        using var client = OnnxChatClient.Load(OnnxModel.Bundled, ChatClients.Cpu);
        for (var i = 0; i < 3; i++) Assert.AreEqual((await GreedyAlone.Value)[i], await client.AskAsync(ChatClients.Prompt(i), Greedy(i)));
    }

    private static ChatOptions Greedy(int i) => new() { MaxOutputTokens = 5 + i % 50 };

    private static ChatOptions Sampled(int i) => new()
    {
        MaxOutputTokens = 5 + i % 30,
        Temperature = 1,
        TopP = 0.95f,
        TopK = 50,
        Seed = i,
        AdditionalProperties = new() { ["repetition_penalty"] = 1.1f },
    };

    private static (OnnxChatClient Client, ConcurrentQueue<PassShape> Passes) Observed(OnnxChatClientOptions options)
    {
        var client = OnnxChatClient.Load(OnnxModel.Bundled, options);
        var passes = new ConcurrentQueue<PassShape>();
        client.Session.PassStarting = passes.Enqueue;
        return (client, passes);
    }

    private static async Task<string[]> RepliesAlone(Func<int, ChatOptions> options)
    {
        using var client = OnnxChatClient.Load(OnnxModel.Bundled, ChatClients.Cpu);
        var replies = new string[Prompts];
        for (var i = 0; i < Prompts; i++) replies[i] = await client.AskAsync(ChatClients.Prompt(i), options(i));
        return replies;
    }

    private static Task<string[]> RepliesTogether(OnnxChatClient client, Func<int, ChatOptions> options) =>
        Task.WhenAll(Enumerable.Range(0, Prompts).Select(i => client.AskAsync(ChatClients.Prompt(i), options(i))));
}
