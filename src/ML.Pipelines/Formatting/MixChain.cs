namespace ML.Pipelines.Formatting;

/// <summary>A chain with its place among the lengths for its question.</summary>
/// <param name="Chain">The chain.</param>
/// <param name="Beta">1 for the shortest, 0 for the longest.</param>
/// <param name="Stage">1 for the longest, then up: the order of progressive training (CoT-Valve+P).</param>
/// <param name="Stages">How many chains the question has.</param>
public sealed record MixedChain(ChainSample Chain, double Beta, int Stage, int Stages);

/// <summary>MixChain: correct chains of several lengths for one question (CoT-Valve, arXiv 2502.09601).</summary>
public static class MixChain
{
    /// <summary>The drop reason of questions with fewer than two correct chains.</summary>
    public const string TooFew = "fewer-than-two-correct-chains";

    /// <summary>The drop reason of questions whose correct chains are all of one length.</summary>
    public const string OneLength = "one-length";

    /// <summary>The correct chains from long to short, of equal length in their order, each with
    /// beta = 1 - (m - m_min) / (m_max - m_min) for its length m; empty where there are fewer than two or all are of one length.</summary>
    /// <param name="chains">All chains of a question.</param>
    public static IReadOnlyList<MixedChain> Of(IReadOnlyList<ChainSample> chains)
    {
        ArgumentNullException.ThrowIfNull(chains);
        var correct = chains.Where(chain => chain.IsCorrect).OrderByDescending(chain => chain.Tokens).ToArray();
        if (correct.Length < 2 || correct[0].Tokens == correct[^1].Tokens) return [];
        double range = correct[0].Tokens - correct[^1].Tokens;
        return [.. correct.Select((chain, i) =>
            new MixedChain(chain, 1 - (chain.Tokens - correct[^1].Tokens) / range, i + 1, correct.Length))];
    }
}
