using ML.Pipelines.Stages;

namespace ML.Pipelines.Formatting;

/// <summary>Preference pairs out of stepwise exploration (ReCUT, arXiv 2506.10822; NEUIR/ReCUT).</summary>
/// <remarks>Lengths are UTF-16 code units of whole responses, as the source's <c>total_length</c>.</remarks>
public static class StepwisePreferences
{
    /// <summary>The kind of pairs out of the correct pool, for the length model.</summary>
    public const string Length = "length";

    /// <summary>The kind of pairs against the error pool, for the accuracy model.</summary>
    public const string Accuracy = "accuracy";

    /// <summary>A continuation's reward: (alpha x I - beta x (1 - I)) / length, I = 1 if it is correct. Of wrong ones the longer scores
    /// higher.</summary>
    /// <param name="isCorrect">Whether its boxed answer is the gold answer.</param>
    /// <param name="length">Its UTF-16 code units, at least 1.</param>
    /// <param name="alpha">The weight of correct ones.</param>
    /// <param name="beta">The weight of wrong ones.</param>
    public static double Reward(bool isCorrect, int length, double alpha = 1, double beta = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        return (isCorrect ? alpha : -beta) / length;
    }

    /// <summary>Whether the short continuation gives the next step: its reward is not below the long one's.</summary>
    /// <param name="longChain">The continuation in long mode.</param>
    /// <param name="shortChain">The continuation in short mode.</param>
    public static bool TakesShort(ChainSample longChain, ChainSample shortChain)
    {
        ArgumentNullException.ThrowIfNull(longChain);
        ArgumentNullException.ThrowIfNull(shortChain);
        return Reward(shortChain.IsCorrect, shortChain.Text.Length) >= Reward(longChain.IsCorrect, longChain.Text.Length);
    }

    /// <summary>
    /// A question's pairs: the shortest correct response against a random other correct one (<see cref="Length"/>) and against a random
    /// wrong one (<see cref="Accuracy"/>), where there are such. The source's code may choose a wrong response as the shortest of its
    /// error pool; here the chosen one is always correct.
    /// </summary>
    /// <param name="chains">The explored responses, correct and wrong.</param>
    /// <param name="seed">Seeds the choice, together with the id.</param>
    /// <param name="rowId">The row's id.</param>
    public static IReadOnlyList<PreferencePair> Of(IReadOnlyList<ChainSample> chains, int seed, string rowId)
    {
        ArgumentNullException.ThrowIfNull(chains);
        if (chains.Where(chain => chain.IsCorrect).MinBy(chain => chain.Text.Length) is not { Text: var best }) return [];
        var random = RowRandom.For(seed, rowId);
        return
        [
            .. Pair(best, [.. chains.Where(chain => chain.IsCorrect).Select(chain => chain.Text)], Length, random),
            .. Pair(best, [.. chains.Where(chain => !chain.IsCorrect).Select(chain => chain.Text)], Accuracy, random),
        ];
    }

    private static IEnumerable<PreferencePair> Pair(string chosen, IEnumerable<string> pool, string kind, Random random)
    {
        var others = pool.Where(text => text != chosen).Distinct().ToArray();
        if (others.Length > 0) yield return new(chosen, others[random.Next(others.Length)], kind);
    }
}
