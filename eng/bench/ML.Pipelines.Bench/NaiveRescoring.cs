using Microsoft.ML.OnnxRuntime;
using ML.Pipelines.OnnxRuntime;
using ML.Pipelines.OnnxRuntime.Scoring;

namespace ML.Pipelines.Bench;

/// <summary>
/// What leave-one-out replaces: every variant from its first token, with all logits, in one pass. One pass of 11,000 tokens takes the
/// bundled model about 14 GB; a chunk size bounds that, and makes the comparison harder, since chunks compare fewer pairs of tokens.
/// </summary>
internal sealed class NaiveRescoring : IDisposable
{
    private readonly InferenceSession _session;
    private readonly DecoderSignature _signature;
    private readonly RunOptions _runOptions = new();
    private readonly int _chunk;

    public NaiveRescoring(OnnxModel model, OnnxScorerOptions options, int chunk)
    {
        _chunk = chunk;
        _session = SessionFactory.Open(model.Read(model.GraphFile)!, model, options).Session;
        _signature = DecoderSignature.Read(_session, model.Name);
    }

    /// <summary>The multiply-adds of a variant.</summary>
    public double Cost(MultiplyAdds cost, int length) => Chunks(length).Sum(chunk => cost.Pass(1, chunk.Start, chunk.Count, chunk.Count));

    /// <summary>The log-probabilities of the continuation after a variant.</summary>
    public double[] Score(TokenizedRequest tokens, ScoredSequence sequence)
    {
        var scores = new double[tokens.Answer];
        IReadOnlyList<OrtValue> past = EmptyCache();
        foreach (var (start, count) in Chunks(sequence.Length))
        {
            var outputs = Forward(tokens, sequence, start, count, past);
            Release(past);
            using var logits = outputs[0];
            Collect(logits, tokens, sequence, start, count, scores);
            past = [.. outputs.Skip(1)];
        }
        Release(past);
        return scores;
    }

    public void Dispose()
    {
        _runOptions.Dispose();
        _session.Dispose();
    }

    private IEnumerable<(int Start, int Count)> Chunks(int length)
    {
        for (long start = 0; start < length; start += _chunk)
            yield return ((int)start, (int)Math.Min(_chunk, length - start));
    }

    private IReadOnlyList<OrtValue> Forward(TokenizedRequest tokens, ScoredSequence sequence, int start, int count,
        IReadOnlyList<OrtValue> past)
    {
        long[] ids = [.. Enumerable.Range(start, count).Select(i => (long)tokens.Ids[sequence.Source(i)])];
        var mask = new long[start + count];
        Array.Fill(mask, 1);
        using var idsInput = OrtValue.CreateTensorValueFromMemory(ids, [1, count]);
        using var maskInput = OrtValue.CreateTensorValueFromMemory(mask, [1, start + count]);
        var inputs = new Dictionary<string, OrtValue> { ["input_ids"] = idsInput };
        if (_signature.Mask)
            inputs.Add("attention_mask", maskInput);
        for (var i = 0; i < past.Count; i++)
            inputs.Add(_signature.Cache[i].Past, past[i]);
        var goesOn = start + count < sequence.Length;
        return _session.Run(_runOptions, inputs, ["logits", .. goesOn ? _signature.Cache.Select(cache => cache.Present) : []]);
    }

    private static void Collect(OrtValue logits, TokenizedRequest tokens, ScoredSequence sequence, int start, int count, double[] scores)
    {
        var values = logits.GetTensorDataAsSpan<float>();
        var columns = values.Length / count;
        for (var i = 0; i < scores.Length; i++)
        {
            var row = sequence.Length - tokens.Answer + i - start;
            if (row >= 0 && row < count)
                scores[i] = LogProbability.Of(values.Slice(row * columns, columns), tokens.Ids[tokens.Context + i]);
        }
    }

    private OrtValue[] EmptyCache() =>
        [.. _signature.Cache.Select(cache =>
            OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, _signature.CacheType, [1, cache.Heads, 0, cache.Size]))];

    private static void Release(IEnumerable<OrtValue> values)
    {
        foreach (var value in values)
            value.Dispose();
    }
}
