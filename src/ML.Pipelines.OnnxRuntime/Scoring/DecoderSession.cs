using Microsoft.ML.OnnxRuntime;

namespace ML.Pipelines.OnnxRuntime.Scoring;

/// <summary>The shape of one model call.</summary>
/// <param name="Rows">The batch.</param>
/// <param name="Past">Tokens of the cache, padding included.</param>
/// <param name="Tokens">New tokens of every row, padding included.</param>
/// <param name="LogitRows">Positions whose logits are fetched; 0 when none are.</param>
/// <param name="KeepsCache">Whether the grown cache is fetched.</param>
internal readonly record struct PassShape(int Rows, int Past, int Tokens, int LogitRows, bool KeepsCache);

/// <summary>A decoder graph in ONNX Runtime: forwards tokens on top of a cache.</summary>
internal sealed class DecoderSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly string[] _inputs;
    private readonly string[] _presents;
    private readonly string _model;

    public DecoderSession(InferenceSession session, DecoderSignature signature, string model)
    {
        (_session, Signature, _model) = (session, signature, model);
        _presents = [.. signature.Cache.Select(tensor => tensor.Present)];
        _inputs = [.. InputNames(signature)];
    }

    public DecoderSignature Signature { get; }

    /// <summary>The session itself, for a benchmark.</summary>
    public InferenceSession Inference => _session;

    /// <summary>Tells of every pass, for a benchmark that repeats them bare.</summary>
    public Action<PassShape>? PassStarting { get; set; }

    /// <summary>An empty cache for a batch.</summary>
    public OrtValue[] EmptyCache(int rows) =>
        [.. Signature.Cache.Select(tensor =>
            OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, Signature.CacheType, [rows, tensor.Heads, 0, tensor.Size]))];

    /// <summary>Runs one pass.</summary>
    /// <param name="inputs">The integer inputs that the graph takes, in the order of the signature, then its cache.</param>
    /// <param name="shape">Which outputs are fetched.</param>
    /// <returns>The logits where they are fetched, then the cache where it is.</returns>
    /// <exception cref="PipelineException">With <see cref="ErrorCode.TokenOutOfRange"/> or
    /// <see cref="ErrorCode.DamagedModel"/>.</exception>
    public IDisposableReadOnlyCollection<OrtValue> Run(IReadOnlyList<OrtValue> inputs, PassShape shape)
    {
        PassStarting?.Invoke(shape);
        string[] outputs = [.. shape.LogitRows > 0 ? ["logits"] : Array.Empty<string>(), .. shape.KeepsCache ? _presents : []];
        try
        {
            return _session.Run(_runOptions, _inputs, inputs, outputs);
        }
        catch (OnnxRuntimeException fault)
        {
            throw Explain(fault);
        }
    }

    public void Dispose()
    {
        _runOptions.Dispose();
        _session.Dispose();
    }

    private static IEnumerable<string> InputNames(DecoderSignature signature)
    {
        yield return "input_ids";
        if (signature.Mask)
            yield return "attention_mask";
        if (signature.Positions)
            yield return "position_ids";
        if (signature.SelectsLogits)
            yield return Graphs.LogitSelection.PositionsInput;
        foreach (var tensor in signature.Cache)
            yield return tensor.Past;
    }

    private PipelineException Explain(OnnxRuntimeException fault) =>
        fault.Message.Contains("indices element out of data bounds", StringComparison.Ordinal)
            ? new(ErrorCode.TokenOutOfRange,
                $"{_model}: a token or its position has no embedding. Use the tokenizer that belongs to the model. ({fault.Message})",
                fault)
            : new(ErrorCode.DamagedModel, $"{_model} failed to run: {fault.Message}", fault);
}
