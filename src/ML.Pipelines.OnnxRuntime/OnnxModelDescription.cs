using System.Security.Cryptography;
using System.Text.Json;
using ML.Pipelines.OnnxRuntime.Scoring;

namespace ML.Pipelines.OnnxRuntime;

/// <summary>A file of a model.</summary>
/// <param name="Name">Relative to the model folder.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its hash in lower-case hexadecimal digits.</param>
internal sealed record OnnxModelFile(string Name, long Bytes, string Sha256);

/// <summary>What a model's files tell about it, without loading it into ONNX Runtime.</summary>
/// <param name="Files">The files that are there.</param>
/// <param name="Parameters">The numbers in the graph's weights, those in files beside it included.</param>
/// <param name="Layers">num_hidden_layers; null where config.json does not say.</param>
/// <param name="Heads">num_attention_heads.</param>
/// <param name="KeyValueHeads">num_key_value_heads.</param>
/// <param name="Width">hidden_size.</param>
internal sealed record OnnxModelDescription(
    IReadOnlyList<OnnxModelFile> Files, long Parameters, int? Layers, int? Heads, int? KeyValueHeads, int? Width)
{
    private static readonly string[] Configuration =
        ["tokenizer.json", "tokenizer_config.json", "chat_template.jinja", "config.json", "generation_config.json"];

    /// <exception cref="PipelineException">With <see cref="ErrorCode.DamagedModel"/>: a file is missing or damaged.</exception>
    public static OnnxModelDescription Read(OnnxModel model)
    {
        var bytes = LoadedModel.ReadGraph(model);
        var graph = LoadedModel.Parse(bytes, model);
        var parameters = graph.InitializerShapes().Values.Sum(shape => shape.Aggregate(1L, (size, dimension) => size * dimension));
        List<OnnxModelFile> files = [Describe(model.GraphFile, bytes),
            .. graph.ExternalFiles().Select(file => Describe(file, model.Folder!)),
            .. Configuration.Select(file => (file, Content: model.Read(file))).Where(file => file.Content is not null)
                .Select(file => Describe(file.file, file.Content!))];
        return ModelConfiguration.Open(model, "config.json", root => new OnnxModelDescription(files, parameters,
            Number(root, "num_hidden_layers", "n_layer"), Number(root, "num_attention_heads", "n_head"),
            Number(root, "num_key_value_heads", "num_attention_heads"), Number(root, "hidden_size", "n_embd")))
            ?? new(files, parameters, null, null, null, null);
    }

    private static OnnxModelFile Describe(string name, byte[] content) =>
        new(name, content.Length, Convert.ToHexStringLower(SHA256.HashData(content)));

    private static OnnxModelFile Describe(string name, string folder)
    {
        try
        {
            using var stream = File.OpenRead(Path.Combine(folder, name));
            return new(name, stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
        }
        catch (IOException fault)
        {
            throw new PipelineException(ErrorCode.DamagedModel,
                $"The weights {name} beside the graph in {folder} cannot be read: {fault.Message} Download the model again.", fault);
        }
    }

    private static int? Number(JsonElement root, string name, string orElse) =>
        root.TryGetProperty(name, out var value) || root.TryGetProperty(orElse, out value) ? value.GetInt32() : null;
}
