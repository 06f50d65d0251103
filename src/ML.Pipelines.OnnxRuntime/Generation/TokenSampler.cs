using System.Numerics.Tensors;

namespace ML.Pipelines.OnnxRuntime.Generation;

/// <summary>Chooses the tokens of one row. What it draws depends on the options, the logits and the tokens so far alone.</summary>
internal sealed class TokenSampler
{
    private readonly SamplingOptions _options;
    private readonly HashSet<int> _seen;
    private ulong _state;

    public TokenSampler(SamplingOptions options, IEnumerable<int> prompt)
    {
        (_options, _state) = (options, options.Seed);
        _seen = Penalizes ? [.. prompt] : [];
    }

    private bool Penalizes => _options.RepetitionPenalty != 1;

    /// <summary>The next token.</summary>
    /// <param name="logits">One for each id.</param>
    /// <exception cref="PipelineException">With <see cref="ErrorCode.NotFinite"/>.</exception>
    public int Choose(ReadOnlySpan<float> logits)
    {
        var best = TokenChoice.Greedy(logits);
        if (_options.Temperature == 0 && !Penalizes) return best;
        var own = logits.ToArray();
        if (Penalizes)
        {
            Penalize(own);
            best = TokenChoice.Greedy(own);
        }
        var token = _options.Temperature == 0 ? best : Draw(own, own[best]);
        if (Penalizes) _seen.Add(token);
        return token;
    }

    private void Penalize(float[] logits)
    {
        var penalty = _options.RepetitionPenalty;
        foreach (var id in _seen)
            if (id < logits.Length) logits[id] = logits[id] > 0 ? logits[id] / penalty : logits[id] * penalty;
    }

    private int Draw(float[] weights, float best)
    {
        TensorPrimitives.Subtract(weights, best, weights);
        TensorPrimitives.Divide(weights, _options.Temperature, weights);
        TensorPrimitives.Exp<float>(weights, weights);
        var ids = _options.TopK > 0 && _options.TopK < weights.Length ? Largest(weights, _options.TopK) : null;
        if (_options.TopP < 1) ids = Nucleus(weights, ids);
        return ids is null ? DrawFrom(weights, weights.Length, i => i) : DrawFrom(weights, ids.Count, i => ids[i]);
    }

    private int DrawFrom(float[] weights, int count, Func<int, int> idAt)
    {
        double sum = 0;
        for (var i = 0; i < count; i++) sum += weights[idAt(i)];
        var left = NextUnit() * sum;
        var drawn = -1;
        for (var i = 0; i < count && left >= 0; i++)
        {
            if (weights[idAt(i)] == 0) continue;
            drawn = idAt(i);
            left -= weights[drawn];
        }
        return drawn;
    }

    private static List<int> Largest(float[] weights, int count)
    {
        // The smallest of the kept ones is on top; of equals the larger id goes first.
        var kept = new PriorityQueue<int, (float Weight, int)>();
        for (var id = 0; id < weights.Length; id++)
        {
            if (kept.Count < count) kept.Enqueue(id, (weights[id], -id));
            else kept.EnqueueDequeue(id, (weights[id], -id));
        }
        return [.. kept.UnorderedItems.Select(item => item.Element).Order()];
    }

    private List<int> Nucleus(float[] weights, List<int>? among)
    {
        var ids = among ?? [.. Enumerable.Range(0, weights.Length)];
        var sum = ids.Sum(id => (double)weights[id]);
        // All that are lighter than this weigh less than 1 - top-p together: they are never in, and need not be sorted.
        var least = (1 - (double)_options.TopP) * sum / ids.Count;
        var sorted = ids.Where(id => weights[id] >= least).OrderByDescending(id => weights[id]).ThenBy(id => id).ToList();
        var (count, mass) = (0, 0.0);
        while (count < sorted.Count && (count == 0 || mass < _options.TopP * sum)) mass += weights[sorted[count++]];
        return sorted[..count];
    }

    // SplitMix64 (Steele, Lea and Flood 2014), as a number of 53 bits in [0, 1).
    private double NextUnit()
    {
        var mixed = _state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return ((mixed ^ (mixed >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
