namespace ML.Pipelines.Pruning;

/// <summary>Perplexity and importance (LIMOPro, arXiv 2505.19187, Eq. 1-3). Natural logarithms; nats per answer token.</summary>
public static class StepImportance
{
    /// <summary>Mean negative log-likelihood: -(1/m) sum of log p(a_j | ...), 0 or more, in nats per token.</summary>
    /// <param name="logProbabilities">log p of each answer token, at most 0; at least one.</param>
    public static double MeanNegativeLogLikelihood(IReadOnlyList<double> logProbabilities)
    {
        ArgumentNullException.ThrowIfNull(logProbabilities);
        ArgumentOutOfRangeException.ThrowIfZero(logProbabilities.Count);
        return -logProbabilities.Sum() / logProbabilities.Count;
    }

    /// <summary>PPL = exp(mean negative log-likelihood), 1 or more.</summary>
    public static double Perplexity(IReadOnlyList<double> logProbabilities) => Math.Exp(MeanNegativeLogLikelihood(logProbabilities));

    /// <summary>
    /// PIR_i = log(PPL(chain without step i) / PPL(chain)): high means important, negative means the step hurts confidence. Computed as
    /// the difference of the mean negative log-likelihoods, which cannot overflow.
    /// </summary>
    /// <param name="full">log p of the answer tokens after the whole chain.</param>
    /// <param name="without">log p of the same tokens after the chain without the step.</param>
    public static double Of(IReadOnlyList<double> full, IReadOnlyList<double> without) =>
        MeanNegativeLogLikelihood(without) - MeanNegativeLogLikelihood(full);
}
