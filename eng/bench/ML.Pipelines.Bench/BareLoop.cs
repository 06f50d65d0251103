using Microsoft.ML.OnnxRuntime;
using ML.Pipelines.OnnxRuntime.Scoring;

namespace ML.Pipelines.Bench;

/// <summary>The passes that the scorer made, again, on the same session with inputs made beforehand: what ONNX Runtime itself
/// takes.</summary>
internal sealed class BareLoop(DecoderSession session, Clock clock) : IDisposable
{
    private readonly RunOptions _runOptions = new();

    /// <summary>Seconds in ONNX Runtime; making the inputs is not counted.</summary>
    public double Repeat(IEnumerable<PassShape> passes) => passes.Sum(Repeat);

    public void Dispose() => _runOptions.Dispose();

    private double Repeat(PassShape pass)
    {
        var inputs = Inputs(pass);
        List<string> outputs = pass.LogitRows > 0 ? ["logits"] : [];
        if (pass.KeepsCache)
            outputs.AddRange(session.Signature.Cache.Select(cache => cache.Present));
        var seconds = clock.Seconds(() => session.Inference.Run(_runOptions, inputs, outputs).Dispose());
        foreach (var input in inputs.Values)
            input.Dispose();
        return seconds;
    }

    private Dictionary<string, OrtValue> Inputs(PassShape pass)
    {
        var inputs = new Dictionary<string, OrtValue> { ["input_ids"] = Integers([pass.Rows, pass.Tokens], i => i % 1000) };
        if (session.Signature.Mask)
            inputs.Add("attention_mask", Integers([pass.Rows, pass.Past + pass.Tokens], _ => 1));
        if (session.Signature.Positions)
            inputs.Add("position_ids", Integers([pass.Rows, pass.Tokens], i => pass.Past + i % pass.Tokens));
        if (session.Signature.SelectsLogits)
            inputs.Add("logit_positions", Integers([Math.Max(1, pass.LogitRows)], i => pass.Tokens - 1 - i % pass.Tokens));
        foreach (var cache in session.Signature.Cache)
            inputs.Add(cache.Past, Random([pass.Rows, cache.Heads, pass.Past, cache.Size]));
        return inputs;
    }

    private static OrtValue Integers(long[] shape, Func<int, long> value) =>
        OrtValue.CreateTensorValueFromMemory([.. Enumerable.Range(0, (int)shape.Aggregate((a, b) => a * b)).Select(value)], shape);

    private static OrtValue Random(long[] shape)
    {
        var random = new Random(1);
        var values = new float[shape.Aggregate((a, b) => a * b)];
        for (var i = 0; i < values.Length; i++)
            values[i] = random.NextSingle() - 0.5f;
        return OrtValue.CreateTensorValueFromMemory(values, shape);
    }
}
