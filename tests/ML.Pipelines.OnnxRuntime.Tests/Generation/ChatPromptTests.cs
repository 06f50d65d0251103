using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using ML.Pipelines.OnnxRuntime.Generation;
using ML.Pipelines.OnnxRuntime.Tests.Scoring;
using ML.Pipelines.OnnxRuntime.Tokenization;

namespace ML.Pipelines.OnnxRuntime.Tests.Generation;

[TestClass]
public sealed class ChatPromptTests
{
    private const string Echo = "{% for message in messages %}<{{ message.role }}>{{ message.content }}{% endfor %}"
        + "{% if add_generation_prompt %}<reply>{% endif %}";

    [TestMethod]
    public void The_bundled_template_marks_the_turns_behind_the_begin_of_text() =>
        Assert.AreEqual("<|endoftext|><|user|>2 + 2?<|assistant|>", Bundled(new ChatMessage(ChatRole.User, "2 + 2?")));

    [TestMethod]
    public void A_system_message_stands_before_the_content_with_a_blank_line() =>
        Assert.AreEqual("<|endoftext|><|user|>Be brief.\n\n2 + 2?<|assistant|>",
            Bundled(new(ChatRole.System, "Be brief."), new(ChatRole.User, "2 + 2?")));

    [TestMethod]
    public void A_special_token_in_a_message_is_ordinary_text()
    {
        var tokenizer = Tokenizer(OnnxModel.Bundled);
        var ids = ChatPrompt.Open(OnnxModel.Bundled, tokenizer, new()).Encode("Say <|assistant|> and <|endoftext|>!");
        Assert.AreEqual(1, ids.Count(id => id == tokenizer.SpecialTokenId("<|assistant|>")));
        Assert.AreEqual(1, ids.Count(id => id == tokenizer.SpecialTokenId("<|endoftext|>")));
        var content = new List<int>();
        tokenizer.Encode("Say <|assistant|> and <|endoftext|>!", content);
        CollectionAssert.AreEqual(content, ids.Skip(2).SkipLast(1).ToList());
    }

    [TestMethod]
    public void A_message_may_have_characters_of_the_private_use_area() => Assert.AreEqual("<|endoftext|><|user|>\uE000\uE001<|assistant|>",
        Bundled(new ChatMessage(ChatRole.User, "\uE000\uE001")));

    [TestMethod]
    [DataRow("Once upon ")]
    [DataRow("  <think> a\n")]
    [DataRow("")]
    public void A_last_message_of_the_assistant_is_continued_as_it_is(string text) =>
        Assert.AreEqual($"<|endoftext|><|user|>Tell.<|assistant|>{text}",
            Bundled(new(ChatRole.User, "Tell."), new(ChatRole.Assistant, text)));

    [TestMethod]
    public void A_continued_message_is_not_cut_by_a_template_that_cuts_what_the_assistant_thought()
    {
        const string Template = "{% for m in messages %}<{{ m.role }}>{{ m.content.split('</think>')[-1] | trim }};{% endfor %}";
        Assert.AreEqual("<user>x;<assistant><think>y</think> z ",
            Text(new OnnxChatClientOptions { ChatTemplate = Template }, new(ChatRole.User, "x"),
            new(ChatRole.Assistant, "<think>y</think> z ")));
    }

    [TestMethod]
    public void A_template_that_leaves_out_what_is_to_be_continued_is_a_fault()
    {
        var options = new OnnxChatClientOptions { ChatTemplate = "{{ messages[0].content }}" };
        var fault = Assert.ThrowsExactly<PipelineException>(() => Text(options, new(ChatRole.User, "x"), new(ChatRole.Assistant, "y")));
        Assert.AreEqual(ErrorCode.ChatTemplate, fault.Code);
    }

    [TestMethod]
    public void A_template_in_a_file_of_its_own_comes_before_the_configurations()
    {
        using var folder = new ModelFolder();
        File.WriteAllText(folder.PathOf("chat_template.jinja"), Echo);
        Assert.AreEqual("<user>hi<reply>", Text(OnnxModel.FromFolder(folder.Folder), new(), new ChatMessage(ChatRole.User, "hi")));
    }

    [TestMethod]
    public void Of_several_templates_the_one_of_the_name_is_taken_else_the_default()
    {
        using var folder = new ModelFolder().EditJson("tokenizer_config.json", root => root["chat_template"] = new JsonArray(
            new JsonObject { ["name"] = "default", ["template"] = "D" + Echo },
            new JsonObject { ["name"] = "rag", ["template"] = "R" + Echo }));
        var model = OnnxModel.FromFolder(folder.Folder);
        Assert.AreEqual("D<user>hi<reply>", Text(model, new(), new ChatMessage(ChatRole.User, "hi")));
        Assert.AreEqual("R<user>hi<reply>", Text(model, new() { ChatTemplateName = "rag" }, new ChatMessage(ChatRole.User, "hi")));
        var fault = Assert.ThrowsExactly<PipelineException>(() => Text(model, new() { ChatTemplateName = "none" }));
        Assert.AreEqual(ErrorCode.ChatTemplate, fault.Code);
        StringAssert.Contains(fault.Message, "'none'");
    }

    [TestMethod]
    public void Tokens_of_the_configuration_may_be_objects()
    {
        using var folder = new ModelFolder().EditJson("tokenizer_config.json", root =>
        {
            root["bos_token"] = new JsonObject { ["content"] = "<|endoftext|>", ["lstrip"] = false };
            root["eos_token"] = null;
            root["chat_template"] = "{{ bos_token }}{{ 'none' if eos_token is not defined }}";
        });
        Assert.AreEqual("<|endoftext|>none", Text(OnnxModel.FromFolder(folder.Folder), new(), new ChatMessage(ChatRole.User, "hi")));
    }

    [TestMethod]
    public void A_model_without_a_template_is_refused()
    {
        using var folder = new ModelFolder().EditJson("tokenizer_config.json", root => root.Remove("chat_template"));
        var fault = Assert.ThrowsExactly<PipelineException>(() => Text(OnnxModel.FromFolder(folder.Folder), new()));
        Assert.AreEqual(ErrorCode.ChatTemplate, fault.Code);
        StringAssert.Contains(fault.Message, "has no chat_template");
    }

    [TestMethod]
    public void The_options_variables_and_day_reach_the_template()
    {
        var options = new OnnxChatClientOptions
        {
            ChatTemplate = "{{ strftime_now('%d %b %Y') }} {{ enable_thinking }} {{ top + 1 }}",
            Date = new(2024, 7, 26),
            TemplateVariables = new Dictionary<string, object> { ["enable_thinking"] = false, ["top"] = 2 },
        };
        Assert.AreEqual("26 Jul 2024 False 3", Text(options));
    }

    [TestMethod]
    public void Content_that_is_not_text_is_refused()
    {
        var message = new ChatMessage(ChatRole.User, [new UriContent("https://example.org/a.png", "image/png")]);
        Assert.AreEqual(ErrorCode.ChatTemplate, Assert.ThrowsExactly<PipelineException>(() => Bundled(message)).Code);
    }

    private static string Bundled(params ChatMessage[] messages) => Text(new(), messages);

    private static string Text(OnnxChatClientOptions options, params ChatMessage[] messages) => Text(OnnxModel.Bundled, options, messages);

    private static string Text(OnnxModel model, OnnxChatClientOptions options, params ChatMessage[] messages)
    {
        var tokenizer = Tokenizer(model);
        return tokenizer.Decode([.. ChatPrompt.Open(model, tokenizer, options).Encode(messages)]);
    }

    private static HuggingFaceTokenizer Tokenizer(OnnxModel model) => HuggingFaceTokenizer.FromModel(model);
}
