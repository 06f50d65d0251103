using Microsoft.Extensions.AI;

namespace ML.Pipelines.OnnxRuntime.Tests.Generation;

/// <summary>Chat clients and prompts that tests share. Prompts are random words, so that nothing depends on what the model has
/// learnt.</summary>
internal static class ChatClients
{
    public static OnnxChatClientOptions Cpu { get; } = new() { Provider = OnnxProvider.Cpu, IntraOpThreads = 1, Spinning = false };

    public static OnnxChatClient Bundled { get; } = OnnxChatClient.Load(OnnxModel.Bundled, Cpu);

    /// <summary>A client of the bundled model that does not end a text by itself.</summary>
    public static OnnxChatClient Endless(OnnxChatClientOptions options)
    {
        var client = OnnxChatClient.Load(OnnxModel.Bundled, options);
        client.StopIds = [];
        return client;
    }

    public static string Prompt(int seed)
    {
        var random = new Random(seed);
        return string.Join(' ', Enumerable.Range(0, 3 + seed * 7 % 40).Select(_ => Word(random)));
    }

    public static async Task<string> AskAsync(this OnnxChatClient client, string prompt, ChatOptions options) =>
        (await client.GetResponseAsync(prompt, options)).Text;

    private static string Word(Random random) => new([.. Enumerable.Range(0, random.Next(1, 8))
        .Select(_ => (char)random.Next('a', 'z' + 1))]);
}
