using Microsoft.Extensions.AI;
using ML.Pipelines.Models;
using ML.Pipelines.OnnxRuntime.Tests.Scoring;
using ML.Pipelines.Teachers;

namespace ML.Pipelines.OnnxRuntime.Tests.Generation;

[TestClass]
public sealed class OnnxChatClientTests
{
    private static readonly OnnxChatClient Client = ChatClients.Bundled;

    [TestMethod]
    public async Task A_stop_sequence_ends_the_reply_wherever_tokens_end_and_is_not_part_of_it()
    {
        foreach (var reply in GoldenReply.All.Take(20))
        {
            var whole = TestScorers.Bundled.Tokenizer.Decode(reply.TextIds);
            var stop = whole.Substring(whole.Length / 2, Math.Min(7, whole.Length - whole.Length / 2));
            var response = await Client.GetResponseAsync(reply.Prompt, new() { StopSequences = ["never said", stop] });
            Assert.AreEqual(whole[..whole.IndexOf(stop, StringComparison.Ordinal)], response.Text);
            Assert.AreEqual(ChatFinishReason.Stop, response.FinishReason);
        }
    }

    [TestMethod]
    public async Task A_reply_that_reaches_its_most_tokens_ends_by_length()
    {
        var response = await Client.GetResponseAsync(GoldenReply.All[0].Prompt, new() { MaxOutputTokens = 3 });
        Assert.AreEqual(ChatFinishReason.Length, response.FinishReason);
        Assert.AreEqual(3, response.Usage!.OutputTokenCount);
        Assert.AreEqual(TestScorers.Bundled.Tokenizer.Decode(GoldenReply.All[0].Ids.AsSpan(0, 3)), response.Text);
    }

    [TestMethod]
    public async Task A_reply_without_a_limit_has_at_most_the_tokens_of_the_generation_configuration()
    {
        using var folder = new ModelFolder();
        await File.WriteAllTextAsync(folder.PathOf("generation_config.json"), """{"max_new_tokens": 4, "eos_token_id": 0}""");
        using var client = OnnxChatClient.Load(OnnxModel.FromFolder(folder.Folder), ChatClients.Cpu);
        Assert.AreEqual(4, (await client.GetResponseAsync(GoldenReply.All[0].Prompt)).Usage!.OutputTokenCount);
    }

    [TestMethod]
    public async Task A_reply_continues_what_the_assistant_began()
    {
        var continued = 0;
        foreach (var reply in GoldenReply.All.Take(20))
        {
            var tokenizer = TestScorers.Bundled.Tokenizer;
            var begun = tokenizer.Decode(reply.TextIds.AsSpan(0, reply.TextIds.Length / 2));
            var ids = new List<int>();
            tokenizer.Encode(begun, ids);
            // Where the text of the first tokens becomes other tokens, the model may rightly go on otherwise.
            if (!ids.SequenceEqual(reply.TextIds.Take(ids.Count))) continue;
            var response = await Client.GetResponseAsync(
                [new(ChatRole.User, reply.Prompt), new(ChatRole.Assistant, begun)],
                new() { MaxOutputTokens = reply.MaxNewTokens - ids.Count });
            Assert.AreEqual(tokenizer.Decode(reply.TextIds.AsSpan(ids.Count)), response.Text);
            continued++;
        }
        Assert.IsGreaterThan(5, continued);
    }

    [TestMethod]
    public async Task Instructions_are_a_system_message()
    {
        var prompt = GoldenReply.All[3].Prompt;
        var expected = await Client.GetResponseAsync([new(ChatRole.System, "Be brief."), new(ChatRole.User, prompt)],
            new() { MaxOutputTokens = 9 });
        var actual = await Client.GetResponseAsync(prompt, new() { Instructions = "Be brief.", MaxOutputTokens = 9 });
        Assert.AreEqual(expected.Text, actual.Text);
        Assert.AreEqual(expected.Usage!.InputTokenCount, actual.Usage!.InputTokenCount);
    }

    [TestMethod]
    public async Task A_prompt_that_leaves_no_room_is_refused_with_both_numbers()
    {
        using var client = OnnxChatClient.Load(OnnxModel.Bundled, ChatClients.Cpu with { ContextLength = 10 });
        var fault = await TestScorers.FaultOf(() => client.GetResponseAsync(new string('x', 400)));
        Assert.AreEqual(ErrorCode.ContextOverflow, fault.Code);
        StringAssert.Contains(fault.Message, "the model takes 10");
    }

    [TestMethod]
    public async Task The_same_seed_gives_the_same_reply_and_another_seed_or_row_another()
    {
        Task<string> Sample(long seed, string row) => Client.AskAsync(ChatClients.Prompt(5), new()
        {
            Temperature = 1.5f,
            Seed = seed,
            MaxOutputTokens = 40,
            AdditionalProperties = new() { [CallProperties.RowId] = row },
        });
        var reply = await Sample(1, "a");
        Assert.AreEqual(reply, await Sample(1, "a"));
        Assert.AreNotEqual(reply, await Sample(2, "a"));
        Assert.AreNotEqual(reply, await Sample(1, "b"));
    }

    [TestMethod]
    public async Task Calls_without_a_seed_have_that_of_the_options()
    {
        using var client = OnnxChatClient.Load(OnnxModel.Bundled, ChatClients.Cpu with { Seed = 7 });
        var options = new ChatOptions { Temperature = 1.5f, MaxOutputTokens = 40 };
        var reply = await client.AskAsync(ChatClients.Prompt(5), options);
        options.Seed = 7;
        Assert.AreEqual(reply, await Client.AskAsync(ChatClients.Prompt(5), options));
    }

    [TestMethod]
    public async Task A_repetition_penalty_keeps_tokens_from_coming_again()
    {
        var options = new ChatOptions { MaxOutputTokens = 60, AdditionalProperties = new() { [CallProperties.RepetitionPenalty] = 1e6 } };
        using var client = ChatClients.Endless(ChatClients.Cpu);
        var ids = new List<int>();
        client.Tokenizer.Encode(await client.AskAsync("aaa", new() { MaxOutputTokens = 60 }), ids);
        Assert.IsGreaterThan(ids.Distinct().Count(), ids.Count, "Without a penalty there must be repetition for it to keep away.");
        var words = (await client.AskAsync("aaa", options)).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        Assert.AreNotEqual(string.Join(' ', words), await client.AskAsync("aaa", new() { MaxOutputTokens = 60 }));
    }

    public static IEnumerable<object[]> InvalidOptions =>
    [
        [new ChatOptions { Temperature = -1 }, "Temperature"], [new ChatOptions { Temperature = float.NaN }, "Temperature"],
        [new ChatOptions { TopP = 0 }, "TopP"], [new ChatOptions { TopP = 1.1f }, "TopP"], [new ChatOptions { TopK = -1 }, "TopK"],
        [new ChatOptions { MaxOutputTokens = 0 }, "MaxOutputTokens"], [new ChatOptions { StopSequences = [""] }, "StopSequences"],
        [new ChatOptions { FrequencyPenalty = 1 }, "FrequencyPenalty"], [new ChatOptions { PresencePenalty = 1 }, "PresencePenalty"],
        [new ChatOptions { AdditionalProperties = new() { ["repetition_penalty"] = 0 } }, "repetition_penalty"],
        [new ChatOptions { AdditionalProperties = new() { ["repetition_penalty"] = "high" } }, "repetition_penalty"],
        [new ChatOptions { Tools = [new HostedWebSearchTool()] }, "Tools"],
    ];

    [TestMethod]
    [DynamicData(nameof(InvalidOptions))]
    public async Task An_option_that_cannot_be_followed_is_refused_by_its_name(ChatOptions options, string name)
    {
        var fault = await TestScorers.FaultOf(() => Client.GetResponseAsync("hi", options));
        Assert.AreEqual(ErrorCode.Configuration, fault.Code);
        StringAssert.Contains(fault.Message, name);
    }

    [TestMethod]
    public void It_tells_what_it_is()
    {
        var info = (TeacherInfo)Client.GetService(typeof(TeacherInfo))!;
        Assert.AreEqual("bundled", info.Name);
        Assert.AreEqual(16384, info.ContextLength);
        Assert.AreEqual("bundled", ((ChatClientMetadata)Client.GetService(typeof(ChatClientMetadata))!).DefaultModelId);
        Assert.AreSame(Client, Client.GetService(typeof(IChatClient)));
        Assert.AreSame(Client.Tokenizer, Client.GetService(typeof(ITokenizer)));
        Assert.IsNull(Client.GetService(typeof(string)));
        Assert.IsNull(Client.GetService(typeof(TeacherInfo), "key"));
    }

    [TestMethod]
    public void The_fingerprint_changes_with_whatever_may_change_a_reply_and_with_nothing_else()
    {
        using var folder = new ModelFolder();
        var before = Fingerprint(folder, new());
        Assert.AreEqual(before, Fingerprint(folder, new() { MaxRows = 3, Notice = _ => { } }));
        OnnxChatClientOptions[] others =
        [
            new() { Seed = 1 }, new() { ChatTemplate = "{{ messages }}" }, new() { ChunkSize = 9 }, new() { MaxOutputTokens = 9 },
            new() { Date = new(2024, 7, 26) },
            new() { TemplateVariables = new Dictionary<string, object> { ["a"] = true } }, new() { ContextLength = 99 },
        ];
        var fingerprints = others.Select(options => Fingerprint(folder, options)).ToList();
        File.WriteAllText(folder.PathOf("generation_config.json"), """{"eos_token_id": 5}""");
        fingerprints.Add(Fingerprint(folder, new()));
        File.WriteAllText(folder.PathOf("chat_template.jinja"), "{{ messages }}");
        fingerprints.Add(Fingerprint(folder, new()));
        CollectionAssert.AllItemsAreUnique(fingerprints.Append(before).ToArray());
    }

    [TestMethod]
    public async Task A_teacher_takes_it_as_it_is()
    {
        using var client = OnnxChatClient.Load(OnnxModel.Bundled, ChatClients.Cpu);
        using var teacher = new Teacher(client, client.Info);
        var golden = GoldenReply.All[0];
        var reply = await teacher.AskAsync(new()
        {
            RowId = "r1",
            Stage = "test",
            Messages = [new(ChatRole.User, golden.Prompt)],
            MaxOutputTokens = golden.MaxNewTokens,
            RepetitionPenalty = 1,
        });
        Assert.AreEqual(TestScorers.Bundled.Tokenizer.Decode(golden.TextIds), reply.Text);
    }

    private static string Fingerprint(ModelFolder folder, OnnxChatClientOptions options)
    {
        using var client = OnnxChatClient.Load(OnnxModel.FromFolder(folder.Folder),
            options with { Provider = OnnxProvider.Cpu, IntraOpThreads = 1 });
        return client.Info.Fingerprint;
    }
}
