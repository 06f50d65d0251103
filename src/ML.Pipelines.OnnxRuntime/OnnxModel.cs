using System.Security.Cryptography;

namespace ML.Pipelines.OnnxRuntime;

/// <summary>The files of a language model: a decoder graph in ONNX, with the tokenizer and configuration of Hugging Face.</summary>
/// <remarks>Wanted: the graph, <c>tokenizer.json</c>; used where there: <c>config.json</c>, <c>tokenizer_config.json</c>,
/// <c>generation_config.json</c>, <c>chat_template.jinja</c>.</remarks>
public sealed class OnnxModel
{
    private const string BundledPrefix = "BundledModel/";
    private static readonly string[] GraphNames = ["onnx/model.onnx", "model.onnx", "decoder_model.onnx", "decoder_with_past_model.onnx"];

    // The files of the bundled model; its trainer's figures hold for these bytes only.
    private static readonly Dictionary<string, string> BundledHashes = new()
    {
        ["onnx/model.onnx"] = "edd7bbd2a1e55a50e254cfe1605470d835676b1f5ad7145be8b639c6eca6c92c",
        ["tokenizer.json"] = "22eeab53f4f58d0ce404765b7978f02852e7f1813f708408d9eadc3d2e519c62",
        ["tokenizer_config.json"] = "dab8a12032a4fe6575b64c2f56602ab306e364fe8cd5e32d96ce8bd3a9683dd2",
        ["config.json"] = "de47ca4fc9dfb48d7e77179d53c7b8c29d53e93ff2724dcd607777c93c23ada8",
        ["generation_config.json"] = "51db248268fbcca1daca63355c2214552c39718e925270a29781a2bc8103660a",
    };

    private readonly Func<string, byte[]?> _read;

    private OnnxModel(string name, string? folder, string graphFile, Func<string, byte[]?> read) =>
        (Name, Folder, GraphFile, _read) = (name, folder, graphFile, read);

    /// <summary>
    /// The model that ships inside this assembly: a copy-and-pattern model of 1.27 million parameters, not a judge of reasoning (see
    /// BundledModel/MODEL_CARD.md). Its files are checked against their SHA-256 when they are read.
    /// </summary>
    public static OnnxModel Bundled { get; } = new("bundled", null, GraphNames[0], ReadBundled);

    /// <summary>The model card of <see cref="Bundled"/> in Markdown: what it is, how it was trained, its figures, and what it is not
    /// for.</summary>
    public static string BundledCard
    {
        get
        {
            using var reader = new StreamReader(typeof(OnnxModel).Assembly.GetManifestResourceStream(BundledPrefix + "MODEL_CARD.md")!);
            return reader.ReadToEnd();
        }
    }

    /// <summary>A name for people: the folder's, or "bundled".</summary>
    public string Name { get; }

    /// <summary>The folder of the graph file, where weights in files of their own lie; null for the bundled model.</summary>
    internal string? Folder { get; }

    /// <summary>Whether the files are checked against known SHA-256.</summary>
    internal bool IsChecked => Folder is null;

    /// <summary>The graph file, relative to the model folder.</summary>
    internal string GraphFile { get; }

    /// <summary>A model folder: <c>onnx/model.onnx</c> or <c>model.onnx</c>, and beside or above it the tokenizer and
    /// configuration.</summary>
    /// <param name="folder">The folder that holds tokenizer.json.</param>
    /// <param name="graphFile">The graph relative to the folder, e.g. "onnx/model_fp16.onnx"; null takes the first of the usual
    /// names.</param>
    /// <exception cref="PipelineException">With <see cref="ErrorCode.DamagedModel"/>: there is no graph file.</exception>
    public static OnnxModel FromFolder(string folder, string? graphFile = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var graph = graphFile ?? GraphNames.FirstOrDefault(name => File.Exists(Path.Combine(folder, name)));
        if (graph is null || !File.Exists(Path.Combine(folder, graph)))
        {
            throw new PipelineException(ErrorCode.DamagedModel,
                $"The model folder {folder} has none of {string.Join(", ", graphFile is null ? GraphNames : [graphFile])}. "
                + "Export the model with `optimum-cli export onnx --task text-generation-with-past`.");
        }

        var full = Path.GetFullPath(folder);
        var graphFolder = Path.GetDirectoryName(Path.Combine(full, graph));
        return new(new DirectoryInfo(full).Name, graphFolder, graph, name => ReadFile(Path.Combine(full, name)));
    }

    /// <summary>The content of a file, or null where there is none.</summary>
    internal byte[]? Read(string file) => _read(file);

    /// <summary>What messages call a file.</summary>
    internal string Describe(string file) => Folder is null ? $"{file} of the bundled model" : $"{file} of model {Name} ({Folder})";

    private static byte[]? ReadFile(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllBytes(path) : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new PipelineException(ErrorCode.DamagedModel, $"The model file {path} cannot be read: {fault.Message}", fault);
        }
    }

    private static byte[]? ReadBundled(string file)
    {
        using var stream = typeof(OnnxModel).Assembly.GetManifestResourceStream(BundledPrefix + file);
        if (stream is null || !BundledHashes.TryGetValue(file, out var expected))
            return null;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return Convert.ToHexStringLower(SHA256.HashData(bytes)) == expected ? bytes
            : throw new PipelineException(ErrorCode.DamagedModel,
                $"{file} of the bundled model does not have its SHA-256 {expected}: install the package again.");
    }
}
