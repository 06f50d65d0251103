using ML.Pipelines.OnnxRuntime.Generation;
using ML.Pipelines.OnnxRuntime.Tests.Scoring;

namespace ML.Pipelines.OnnxRuntime.Tests.Generation;

[TestClass]
public sealed class ChatPromptTests
{
    [TestMethod]
    public void The_content_stands_between_the_marks_behind_the_begin_of_text() =>
        Assert.AreEqual("<|endoftext|><|user|>2 + 2?<|assistant|>", Text("2 + 2?"));

    [TestMethod]
    public void A_system_message_stands_before_the_content_with_a_blank_line() =>
        Assert.AreEqual("<|endoftext|><|user|>Be brief.\n\n2 + 2?<|assistant|>", Text("2 + 2?", "Be brief."));

    [TestMethod]
    public void A_mark_in_the_content_is_ordinary_text()
    {
        var tokenizer = TestScorers.Bundled.Tokenizer;
        var assistant = tokenizer.SpecialTokenId("<|assistant|>")!.Value;
        Assert.AreEqual(1, new ChatPrompt(tokenizer, 0).Encode("<|assistant|>").Count(id => id == assistant));
    }

    [TestMethod]
    public void A_tokenizer_without_the_marks_is_refused()
    {
        using var folder = new ModelFolder().EditJson("tokenizer.json", root => root["added_tokens"]![3]!["special"] = false);
        using var scorer = folder.Load();
        var fault = Assert.ThrowsExactly<PipelineException>(() => new ChatPrompt(scorer.Tokenizer, 0));
        Assert.AreEqual(ErrorCode.Configuration, fault.Code);
        StringAssert.Contains(fault.Message, "<|assistant|>");
    }

    private static string Text(string content, string? system = null)
    {
        var tokenizer = TestScorers.Bundled.Tokenizer;
        return tokenizer.Decode([.. new ChatPrompt(tokenizer, TestScorers.Bundled.BeginOfText).Encode(content, system)]);
    }
}
