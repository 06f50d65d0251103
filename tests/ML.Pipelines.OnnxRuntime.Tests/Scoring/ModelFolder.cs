using System.Text.Json.Nodes;
using ML.Pipelines.OnnxRuntime.Graphs;

namespace ML.Pipelines.OnnxRuntime.Tests.Scoring;

/// <summary>A copy of the bundled model in a folder of its own, to be edited by a test.</summary>
internal sealed class ModelFolder : IDisposable
{
    private static readonly string[] Files = ["onnx/model.onnx", "tokenizer.json", "tokenizer_config.json", "config.json"];

    public ModelFolder()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "onnx"));
        foreach (var file in Files)
            File.WriteAllBytes(PathOf(file), OnnxModel.Bundled.Read(file)!);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("model-").FullName;

    public string PathOf(string file) => Path.Combine(Folder, file);

    public ModelFolder EditGraph(Action<OnnxGraph> edit)
    {
        var graph = OnnxGraph.Parse(File.ReadAllBytes(PathOf(Files[0])));
        edit(graph);
        File.WriteAllBytes(PathOf(Files[0]), graph.ToArray());
        return this;
    }

    public ModelFolder EditJson(string file, Action<JsonObject> edit)
    {
        var root = JsonNode.Parse(File.ReadAllBytes(PathOf(file)))!.AsObject();
        edit(root);
        File.WriteAllText(PathOf(file), root.ToJsonString());
        return this;
    }

    public OnnxLanguageScorer Load(OnnxScorerOptions? options = null) =>
        OnnxLanguageScorer.Create(OnnxModel.FromFolder(Folder), options ?? TestScorers.Cpu);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

/// <summary>Options and scorers that tests share.</summary>
internal static class TestScorers
{
    public static OnnxScorerOptions Cpu { get; } = new() { Provider = OnnxProvider.Cpu, IntraOpThreads = 1, Spinning = false };

    public static OnnxLanguageScorer Bundled { get; } = OnnxLanguageScorer.CreateBundled(Cpu);

    public static NaiveScorer Naive { get; } = new(Bundled.Tokenizer);

    public static async Task<PipelineException> FaultOf(Func<Task> action)
    {
        var fault = await Assert.ThrowsExactlyAsync<PipelineException>(action);
        return fault;
    }

    public static PipelineException LoadFault(ModelFolder folder, OnnxScorerOptions? options = null) =>
        Assert.ThrowsExactly<PipelineException>(() => folder.Load(options).Dispose());
}
