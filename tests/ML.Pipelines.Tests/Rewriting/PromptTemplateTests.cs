using Microsoft.Extensions.AI;
using ML.Pipelines.Compression;
using ML.Pipelines.Rewriting;
using ML.Pipelines.Teachers;
using ML.Pipelines.Tests.Data;

namespace ML.Pipelines.Tests.Rewriting;

[TestClass]
public sealed class PromptTemplateTests : FileTest
{
    [TestMethod]
    public void Values_are_put_in_and_what_looks_like_a_placeholder_in_one_stays_text()
    {
        var prompt = PromptTemplate.Parse("a note\n[system]\nBe brief.\n[user]\nQ: {{question}}\n\nBox it: \\boxed{}\n", "p");
        var messages = prompt.Render(new Dictionary<string, string> { ["question"] = "What is {{answer}}?" });
        Assert.AreSequenceEqual([ChatRole.System, ChatRole.User], messages.Select(message => message.Role));
        Assert.AreSequenceEqual(["Be brief.", "Q: What is {{answer}}?\n\nBox it: \\boxed{}"], messages.Select(message => message.Text));
    }

    [TestMethod]
    public void Notes_and_line_ends_do_not_change_its_hash_but_every_word_does()
    {
        var hash = PromptTemplate.Parse("[user]\nHello\nyou", "a").Hash;
        Assert.AreEqual(hash, PromptTemplate.Parse("note\r\n[user]\r\nHello\r\nyou\r\n", "b").Hash);
        Assert.AreNotEqual(hash, PromptTemplate.Parse("[user]\nHello\nyou!", "a").Hash);
        Assert.AreNotEqual(PromptTemplate.Parse("[system]\nx\n[user]\ny", "a").Hash, PromptTemplate.Parse("[user]\nx\ny", "a").Hash);
    }

    [TestMethod]
    [DataRow("Hello", "needs a line [user]")]
    [DataRow("[user]\nx\n[system]\ny", "needs a line [user] after [system]")]
    [DataRow("[user]\n\n", "nothing follows [user]")]
    public void A_file_that_is_no_prompt_is_refused_with_what_it_lacks(string text, string message) =>
        Assert.Contains(message, Throws(ErrorCode.Configuration, () => PromptTemplate.Parse(text, "my.prompt")).Message);

    [TestMethod]
    public void A_value_that_a_stage_does_not_know_is_named_with_those_it_knows() => Assert.Contains(
        "asks for {{colour}}, which is not known here. Known are question, answer",
        Throws(ErrorCode.Configuration, () => PromptTemplate.Parse("[user]\n{{colour}}", "p").Require(["question", "answer"])).Message);

    [TestMethod]
    public void A_name_that_is_neither_a_prompt_nor_a_file_is_told_with_the_prompts_that_are_there() =>
        Assert.Contains("dap-rewrite", Throws(ErrorCode.Configuration, () => PromptTemplate.Open("no-such-prompt")).Message);

    [TestMethod]
    public void All_prompts_that_come_along_are_known_to_their_stages()
    {
        Assert.IsGreaterThanOrEqualTo(9, PromptTemplate.Names.Count);
        foreach (var name in PromptTemplate.Names.Where(name => !name.StartsWith("pir-", StringComparison.Ordinal)))
            PromptTemplate.Open(name).Require(name.Contains("judge", StringComparison.Ordinal) ? JudgingStage.Known
                : name.Contains("compress", StringComparison.Ordinal) ? TeacherCompressionMethod.Known : RewritingMethod.Known);
    }
}
