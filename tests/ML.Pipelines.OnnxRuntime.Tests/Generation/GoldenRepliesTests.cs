using Microsoft.Extensions.AI;
using ML.Pipelines.OnnxRuntime.Generation;
using ML.Pipelines.OnnxRuntime.Tests.Scoring;

namespace ML.Pipelines.OnnxRuntime.Tests.Generation;

/// <summary>Greedy decoding against @huggingface/transformers' on fifty prompts.</summary>
[TestClass]
public sealed class GoldenRepliesTests
{
    [TestMethod]
    public void There_are_fifty() => Assert.HasCount(50, GoldenReply.All);

    [TestMethod]
    public void The_prompts_ids_are_those_of_the_reference_implementation()
    {
        foreach (var reply in GoldenReply.All)
            CollectionAssert.AreEqual(reply.PromptIds, TestScorers.Bundled.ChatPrompt.Encode(reply.Prompt).ToArray(), reply.Prompt);
    }

    [TestMethod]
    public void Ids_decoded_one_by_one_are_those_of_the_reference_implementation()
    {
        foreach (var reply in GoldenReply.All)
            CollectionAssert.AreEqual(reply.TextIds, TestScorers.Bundled.Generator.Generate(Request(reply)).Tokens.ToArray(), reply.Prompt);
    }

    [TestMethod]
    public void Ids_decoded_in_batches_are_those_of_the_reference_implementation()
    {
        var results = TestScorers.Bundled.Generator.GenerateAll([.. GoldenReply.All.Select(Request)]);
        foreach (var (reply, result) in GoldenReply.All.Zip(results))
            CollectionAssert.AreEqual(reply.TextIds, result.Tokens.ToArray(), reply.Prompt);
    }

    [TestMethod]
    public async Task Replies_to_concurrent_calls_are_those_of_the_reference_implementation()
    {
        using var client = OnnxChatClient.Load(OnnxModel.Bundled, ChatClients.Cpu);
        var calls = GoldenReply.All.Select(reply => client.GetResponseAsync(reply.Prompt, new() { MaxOutputTokens = reply.MaxNewTokens }));
        foreach (var (reply, response) in GoldenReply.All.Zip(await Task.WhenAll(calls)))
        {
            Assert.AreEqual(TestScorers.Bundled.Tokenizer.Decode(reply.TextIds), response.Text);
            Assert.AreEqual(reply.PromptIds.Length, response.Usage!.InputTokenCount);
            Assert.AreEqual(reply.Ids.Length, response.Usage.OutputTokenCount);
            Assert.AreEqual(reply.Ids.Length == reply.TextIds.Length ? ChatFinishReason.Length : ChatFinishReason.Stop,
                response.FinishReason);
        }
    }

    private static GenerationRequest Request(GoldenReply reply) => new(reply.PromptIds, reply.MaxNewTokens);
}
