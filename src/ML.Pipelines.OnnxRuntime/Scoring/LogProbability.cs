namespace ML.Pipelines.OnnxRuntime.Scoring;

/// <summary>Log-probabilities from logits: natural logarithm, sums in double precision.</summary>
internal static class LogProbability
{
    /// <summary>log softmax(logits)[target], in nats, at most 0.</summary>
    /// <exception cref="PipelineException">With <see cref="ErrorCode.NotFinite"/>: a logit is NaN or +infinity, or the target's is
    /// -infinity.</exception>
    public static double Of(ReadOnlySpan<float> logits, int target)
    {
        var largest = double.NegativeInfinity;
        foreach (var logit in logits)
            largest = Math.Max(largest, logit);
        double sum = 0;
        foreach (var logit in logits)
            sum += Math.Exp(logit - largest);
        var result = logits[target] - largest - Math.Log(sum);
        return double.IsFinite(result) ? Math.Min(result, 0)
            : throw new PipelineException(ErrorCode.NotFinite,
                "The model answered with logits that are not finite: its weights are damaged, or its precision is too low for this input.");
    }

    /// <summary>The same of 16-bit logits.</summary>
    public static double Of(ReadOnlySpan<Half> logits, int target)
    {
        var wide = new float[logits.Length];
        System.Numerics.Tensors.TensorPrimitives.ConvertToSingle(logits, wide);
        return Of(wide, target);
    }
}
