using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ML.Pipelines.OnnxRuntime.Graphs;

namespace ML.Pipelines.OnnxRuntime.Scoring;

/// <summary>One tensor of the key-value cache: [batch, heads, tokens, size].</summary>
internal sealed record CacheTensor(string Past, string Present, int Heads, int Size);

/// <summary>What a decoder graph takes and gives.</summary>
/// <param name="Mask">Whether it takes attention_mask [batch, past + tokens].</param>
/// <param name="Positions">Whether it takes position_ids [batch, tokens].</param>
/// <param name="SelectsLogits">Whether it takes logit_positions and gives logits only for these.</param>
/// <param name="Cache">The tensors of its key-value cache; none for a graph without.</param>
/// <param name="CacheType">Their element type.</param>
/// <param name="LogitsType">The element type of logits.</param>
/// <param name="Vocabulary">The number of logits a position, where the graph says so.</param>
internal sealed record DecoderSignature(
    bool Mask, bool Positions, bool SelectsLogits, IReadOnlyList<CacheTensor> Cache, TensorElementType CacheType,
        TensorElementType LogitsType, int? Vocabulary)
{
    private const string Expected =
        "inputs input_ids, optionally attention_mask and position_ids (64-bit integers), past_key_values.N.key and .value "
        + "[batch, heads, tokens, size] of 32- or 16-bit floats; outputs logits [batch, tokens, vocabulary], present.N.key and .value";

    public bool HasCache => Cache.Count > 0;

    /// <summary>The bytes of a number in the cache.</summary>
    public int CacheElementBytes => CacheType == TensorElementType.Float16 ? 2 : 4;

    /// <exception cref="PipelineException">With <see cref="ErrorCode.ModelInputs"/>: they are not those of a causal decoder.</exception>
    public static DecoderSignature Read(InferenceSession session, string model)
    {
        var (inputs, outputs) = (session.InputMetadata, session.OutputMetadata);
        var fault = Fault(inputs, outputs);
        if (fault is not null)
            throw new PipelineException(ErrorCode.ModelInputs,
                $"{model}: {fault}. Expected {Expected}; found inputs {Describe(inputs)}; outputs {Describe(outputs)}.");
        var cache = CacheNames(inputs)
            .Select(name => new CacheTensor(name, PresentOf(name), inputs[name].Dimensions[1], inputs[name].Dimensions[3])).ToList();
        var columns = outputs["logits"].Dimensions is [.., var last] && last > 0 ? last : (int?)null;
        return new(inputs.ContainsKey("attention_mask"), inputs.ContainsKey("position_ids"),
            inputs.ContainsKey(LogitSelection.PositionsInput), cache,
            cache.Count > 0 ? inputs[cache[0].Past].ElementDataType : TensorElementType.Float, outputs["logits"].ElementDataType, columns);
    }

    private static string? Fault(IReadOnlyDictionary<string, NodeMetadata> inputs, IReadOnlyDictionary<string, NodeMetadata> outputs)
    {
        string[] integers = ["input_ids", "attention_mask", "position_ids", LogitSelection.PositionsInput];
        var cache = CacheNames(inputs).ToList();
        return !inputs.ContainsKey("input_ids") ? "input_ids is missing"
            : !outputs.TryGetValue("logits", out var logits) ? "logits is missing"
            : !IsFloat(logits) ? $"logits is {logits.ElementDataType}"
            : inputs.Keys.FirstOrDefault(name => !integers.Contains(name) && !cache.Contains(name)) is { } unknown
                ? $"input {unknown} is not known"
            : integers.FirstOrDefault(name => inputs.TryGetValue(name, out var input) && !IsInteger(input)) is { } integer
                ? $"{integer} is {inputs[integer].ElementDataType}"
            : cache.Find(name => !IsCache(inputs[name]) || inputs[name].ElementDataType != inputs[cache[0]].ElementDataType) is { } odd
                ? $"{odd} is not a cache tensor"
            : cache.Find(name => !outputs.ContainsKey(PresentOf(name))) is { } lonely ? $"output {PresentOf(lonely)} is missing"
            : null;
    }

    private static IEnumerable<string> CacheNames(IReadOnlyDictionary<string, NodeMetadata> inputs) =>
        inputs.Keys.Where(name => name.StartsWith("past_key_values.", StringComparison.Ordinal));

    private static string PresentOf(string past) => "present" + past["past_key_values".Length..];

    private static bool IsFloat(NodeMetadata tensor) => tensor.ElementDataType is TensorElementType.Float or TensorElementType.Float16;

    private static bool IsInteger(NodeMetadata tensor) => tensor.ElementDataType == TensorElementType.Int64;

    private static bool IsCache(NodeMetadata tensor) => IsFloat(tensor) && tensor.Dimensions is [_, > 0, _, > 0];

    // Cache tensors come last: there are many, and they are seldom what does not fit.
    private static string Describe(IReadOnlyDictionary<string, NodeMetadata> tensors)
    {
        var listed = tensors.OrderBy(t => t.Key.Contains('.', StringComparison.Ordinal)).Take(8)
            .Select(tensor => FormattableString.Invariant(
                $"{tensor.Key}: {tensor.Value.ElementDataType}[{string.Join(',', tensor.Value.Dimensions)}]"));
        return string.Join(", ", listed) + (tensors.Count > 8 ? $" and {tensors.Count - 8} more" : "");
    }
}
