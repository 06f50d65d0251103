using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ML.Pipelines.OnnxRuntime;
using ML.Pipelines.OnnxRuntime.Generation;
using ML.Pipelines.OnnxRuntime.Tokenization;

namespace ML.Pipelines.Bench;

/// <summary>Decoded tokens a second of the chat client, of a bare ONNX Runtime loop, and of @huggingface/transformers, with the same
/// prompts and the same graph. Prompts are of one length, and none of the three stops before the last token.</summary>
internal sealed class DecodeBenchmark(OnnxModel model, int threads, int promptTokens, int newTokens, int rounds)
{
    private static readonly int[] Batches = [1, 8, 32];
    private static readonly string[] Files = ["config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json"];

    public async Task RunAsync()
    {
        var (texts, ids) = Prompts();
        Console.WriteLine($"{ids[0].Length} prompt tokens and {newTokens} new ones a row; best of {rounds} rounds, tokens/s with the prompts:");
        var reference = await ReferenceAsync(ids);
        using var client = OnnxChatClient.Load(model, new() { Provider = OnnxProvider.Cpu, IntraOpThreads = threads });
        client.StopIds = [];
        using var bare = new BareDecoding(model, threads);
        for (var i = 0; i < Batches.Length; i++)
        {
            var (rows, bareIds, replies) = (Batches[i], Array.Empty<int[]>(), Array.Empty<string>());
            var (clientBest, bareBest) = (double.MaxValue, double.MaxValue);
            for (var round = 0; round <= rounds; round++)
            {
                var bareSeconds = Seconds(() => bareIds = bare.Decode(ids[..rows], newTokens));
                var clientSeconds = Seconds(() => replies = AskAll(client, texts[..rows]).Result);
                if (round > 0) (clientBest, bareBest) = (Math.Min(clientBest, clientSeconds), Math.Min(bareBest, bareSeconds));
            }
            Print(rows, clientBest, bareBest, reference[i].Seconds.Min());
            Compare(client, bareIds, replies, reference[i].Ids);
        }
    }

    private static double Seconds(Action action) => new Clock(ProcessorTime: false).Seconds(action);

    private async Task<string[]> AskAll(OnnxChatClient client, string[] texts) => await Task.WhenAll(texts.Select(async text =>
        (await client.GetResponseAsync([new(Microsoft.Extensions.AI.ChatRole.User, text)], new() { MaxOutputTokens = newTokens })).Text));

    private void Print(int rows, double client, double bare, double reference)
    {
        double tokens = rows * newTokens;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"batch {rows,2}: OnnxChatClient {tokens / client,7:n0}, bare loop {tokens / bare,7:n0} "
            + $"(client/bare {bare / client:f2}), transformers.js {tokens / reference,7:n0} (client/it {reference / client:f2})"));
    }

    // Equal speed at other tokens would be no comparison.
    private static void Compare(OnnxChatClient client, int[][] bare, string[] replies, int[][] reference)
    {
        var same = bare.Zip(reference).Count(pair => pair.First.SequenceEqual(pair.Second));
        var texts = bare.Zip(replies).Count(pair => Text(client, pair.First) == pair.Second);
        Console.WriteLine($"  of {bare.Length} rows, the bare loop has transformers.js's ids in {same}, the client's text in {texts}");
    }

    private static string Text(OnnxChatClient client, int[] ids) => client.Tokenizer.Decode(ids, skipSpecialTokens: true);

    // Two digits tell the rows apart and take as many tokens in each.
    private (string[] Texts, int[][] Ids) Prompts()
    {
        var template = ChatPrompt.Open(model, HuggingFaceTokenizer.FromModel(model), new());
        string Text(int row, int words) => $"{10 + row}: " + string.Concat(Enumerable.Repeat("one and two ", words));
        var words = 1;
        while (template.Encode(Text(0, words)).Count < promptTokens) words++;
        string[] texts = [.. Enumerable.Range(0, Batches[^1]).Select(row => Text(row, words))];
        int[][] ids = [.. texts.Select(text => template.Encode(text).ToArray())];
        return ids.All(row => row.Length == ids[0].Length) ? (texts, ids)
            : throw new InvalidOperationException("The prompts have several lengths with this tokenizer: transformers.js would pad them.");
    }

    private async Task<ReferenceResult[]> ReferenceAsync(int[][] ids)
    {
        var folder = Directory.CreateTempSubdirectory("ml-pipelines-decode-");
        try
        {
            WriteModel(Path.Combine(folder.FullName, "model"));
            var eng = Path.Combine(Root(), "eng");
            var input = JsonSerializer.Serialize(new
            {
                tools = Path.Combine(eng, ".tools", "node"),
                models = folder.FullName,
                model = "model",
                threads,
                newTokens,
                rounds,
                batches = Batches.Select(rows => ids[..rows]),
            });
            return JsonSerializer.Deserialize<ReferenceResult[]>(await NodeAsync(Path.Combine(eng, "bench", "decode.mjs"), input),
                JsonSerializerOptions.Web)!;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private void WriteModel(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "onnx"));
        File.WriteAllBytes(Path.Combine(folder, "onnx", "model.onnx"), model.Read(model.GraphFile)!);
        foreach (var file in Files)
            if (model.Read(file) is { } content) File.WriteAllBytes(Path.Combine(folder, file), content);
    }

    private static async Task<string> NodeAsync(string script, string input)
    {
        var start = new ProcessStartInfo("node", [script]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var node = Process.Start(start)!;
        await node.StandardInput.WriteLineAsync(input);
        node.StandardInput.Close();
        var output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        return node.ExitCode == 0 ? output
            : throw new InvalidOperationException("transformers.js failed; is it installed? See eng/generation-golden.mjs.");
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ML.Pipelines.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("Not in the repository.");
        return folder.FullName;
    }

    private sealed record ReferenceResult(double[] Seconds, int[][] Ids);
}
