using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.OnnxRuntime;
using ML.Pipelines.Models;
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
    public static LoadedModel Open(OnnxModel model, OnnxSessionOptions options)
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

    /// <summary>The number of ids that the model has an embedding and a logit for, where its files say.</summary>
    public int? Vocabulary(ModelConfiguration configuration)
    {
        var (logits, embeddings) = (Session.Signature.Vocabulary, Embeddings ?? configuration.Vocabulary);
        return logits is null || embeddings < logits ? embeddings : logits;
    }

    /// <summary>Checks that the model knows all of a tokenizer's tokens.</summary>
    /// <exception cref="PipelineException">With <see cref="ErrorCode.TokenizerMismatch"/>.</exception>
    public void RequireTokenizer(ITokenizer tokenizer, ModelConfiguration configuration, OnnxModel model)
    {
        if (tokenizer.VocabularySize > Vocabulary(configuration))
            throw new PipelineException(ErrorCode.TokenizerMismatch,
                $"The tokenizer of model {model.Name} has {tokenizer.VocabularySize} tokens, the model only {Vocabulary(configuration)}. "
                + "Use the tokenizer.json that belongs to the model.");
    }

    /// <summary>A hash over everything that may change what the model gives: its files, where it runs, and settings.</summary>
    /// <param name="model">The model.</param>
    /// <param name="files">Its files beside graph and weights; absent ones count as empty.</param>
    /// <param name="settings">What else counts.</param>
    /// <returns>SHA-256 in lower-case hexadecimal digits.</returns>
    public string Fingerprint(OnnxModel model, IEnumerable<string> files, string settings)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(GraphHash);
        foreach (var file in files)
            hash.AppendData(SHA256.HashData(model.Read(file) ?? []));
        foreach (var file in ExternalFiles)
            hash.AppendData(HashFile(Path.Combine(model.Folder ?? "", file)));
        hash.AppendData(Encoding.UTF8.GetBytes($"{Provider} {settings}"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static byte[] HashFile(string path)
    {
        using var stream = File.OpenRead(path);
        return SHA256.HashData(stream);
    }

    // Whatever an unusual graph makes of the edit, the graph as it was exported still counts.
    private static (InferenceSession, OnnxProvider) OpenEdited(OnnxGraph graph, byte[] original, OnnxModel model,
        OnnxSessionOptions options, out string? fault)
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
