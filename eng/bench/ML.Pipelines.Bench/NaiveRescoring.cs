using Microsoft.ML.OnnxRuntime;
using ML.Pipelines.OnnxRuntime;
using ML.Pipelines.OnnxRuntime.Scoring;

namespace ML.Pipelines.Bench;

/// <summary>What leave-one-out replaces: every variant in one pass from its first token, with all logits.</summary>
internal sealed class NaiveRescoring : IDisposable
{
    private readonly InferenceSession _session;
    private readonly DecoderSignature _signature;
    private readonly RunOptions _runOptions = new();

    public NaiveRescoring(OnnxModel model, OnnxScorerOptions options)
    {
        _session = SessionFactory.Open(model.Read(model.GraphFile)!, model, options).Session;
        _signature = DecoderSignature.Read(_session, model.Name);
    }

    /// <summary>The log-probabilities of the continuation after a variant.</summary>
    public double[] Score(TokenizedRequest tokens, ScoredSequence sequence)
    {
        long[] ids = [.. Enumerable.Range(0, sequence.Length).Select(i => (long)tokens.Ids[sequence.Source(i)])];
        var mask = new long[ids.Length];
        Array.Fill(mask, 1);
        using var logits = Forward(ids, mask);
        var values = logits.GetTensorDataAsSpan<float>();
        var columns = values.Length / ids.Length;
        var scores = new double[tokens.Answer];
        for (var i = 0; i < scores.Length; i++)
            scores[i] = LogProbability.Of(values.Slice((ids.Length - tokens.Answer + i) * columns, columns),
                tokens.Ids[tokens.Context + i]);
        return scores;
    }

    public void Dispose()
    {
        _runOptions.Dispose();
        _session.Dispose();
    }

    private OrtValue Forward(long[] ids, long[] mask)
    {
        var inputs = new Dictionary<string, OrtValue> { ["input_ids"] = OrtValue.CreateTensorValueFromMemory(ids, [1, ids.Length]) };
        if (_signature.Mask)
            inputs.Add("attention_mask", OrtValue.CreateTensorValueFromMemory(mask, [1, ids.Length]));
        foreach (var cache in _signature.Cache)
            inputs.Add(cache.Past,
                OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, _signature.CacheType, [1, cache.Heads, 0, cache.Size]));
        try
        {
            return _session.Run(_runOptions, inputs, ["logits"])[0];
        }
        finally
        {
            foreach (var input in inputs.Values)
                input.Dispose();
        }
    }
}
