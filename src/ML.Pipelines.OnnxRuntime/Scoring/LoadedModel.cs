using System.Security.Cryptography;
using Microsoft.ML.OnnxRuntime;
using ML.Pipelines.OnnxRuntime.Graphs;

namespace ML.Pipelines.OnnxRuntime.Scoring;

/// <summary>A model in ONNX Runtime with what its file told.</summary>
/// <param name="Session">The session.</param>
/// <param name="Provider">Where it runs.</param>
/// <param name="SelectionFault">Why the head was left as it is; null where it was edited.</param>
/// <param name="Embeddings">The rows of the embedding, where the graph shows them.</param>
/// <param name="GraphHash">SHA-256 of the graph file.</param>
/// <param name="ExternalFiles">Files of weights beside the graph.</param>
internal sealed record LoadedModel(DecoderSession Session, OnnxProvider Provider, string? SelectionFault, int? Embeddings,
    byte[] GraphHash, IReadOnlyList<string> ExternalFiles)
{
    /// <exception cref="PipelineException">As <see cref="OnnxLanguageScorer.Create"/>.</exception>
    public static LoadedModel Open(OnnxModel model, OnnxScorerOptions options)
    {
        var original = ReadGraph(model);
        var graph = Parse(original, model);
        var (embeddings, files) = (Embedding(graph), graph.ExternalFiles().ToList());
        var fault = LogitSelection.Apply(graph, graph.OutputType("logits"));
        var (session, provider) = fault is null ? OpenEdited(graph, original, model, options, out fault)
            : SessionFactory.Open(original, model, options);
        try
        {
            var name = model.Describe(model.GraphFile);
            return new(new(session, DecoderSignature.Read(session, name), name), provider, fault, embeddings, SHA256.HashData(original),
                files);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>The graph file's bytes.</summary>
    /// <exception cref="PipelineException">With <see cref="ErrorCode.DamagedModel"/>.</exception>
    public static byte[] ReadGraph(OnnxModel model) => model.Read(model.GraphFile)
        ?? throw new PipelineException(ErrorCode.DamagedModel, $"{model.Describe(model.GraphFile)} is missing.");

    /// <summary>The graph.</summary>
    /// <exception cref="PipelineException">With <see cref="ErrorCode.DamagedModel"/>: the bytes are not an ONNX file.</exception>
    public static OnnxGraph Parse(byte[] bytes, OnnxModel model)
    {
        try
        {
            return OnnxGraph.Parse(bytes);
        }
        catch (InvalidDataException fault)
        {
            throw new PipelineException(ErrorCode.DamagedModel,
                $"{model.Describe(model.GraphFile)} is not an ONNX file: {fault.Message}. Export or download it again.", fault);
        }
    }

    // Whatever an unusual graph makes of the edit, the graph as it was exported still counts.
    private static (InferenceSession, OnnxProvider) OpenEdited(OnnxGraph graph, byte[] original, OnnxModel model,
        OnnxScorerOptions options, out string? fault)
    {
        fault = null;
        try
        {
            return SessionFactory.Open(graph.ToArray(), model, options);
        }
        catch (PipelineException refused) when (refused.Code == ErrorCode.DamagedModel)
        {
            fault = "ONNX Runtime refuses the edited graph: " + refused.InnerException!.Message;
            return SessionFactory.Open(original, model, options with { Notice = null });
        }
    }

    private static int? Embedding(OnnxGraph graph)
    {
        var weights = graph.InitializerShapes();
        var lookup = graph.Nodes.FirstOrDefault(node => node.Operator == "Gather" && node.Inputs is [_, "input_ids"]);
        return lookup is not null && weights.TryGetValue(lookup.Inputs[0], out var shape) ? (int)shape[0] : null;
    }
}
