using ML.Pipelines.Stages;

namespace ML.Pipelines.Formatting;

/// <summary>Bi-level preference pairs out of samples of a long and a short reasoner (AdaR1; StarDewXXX/AdaR1,
/// <c>constrcut_adaptive_dataset.py</c>).</summary>
public static class BilevelPreferences
{
    /// <summary>The kind of pairs between the groups.</summary>
    public const string Group = "group";

    /// <summary>The kind of pairs inside the preferred group.</summary>
    public const string Instance = "instance";

    /// <summary>
    /// What the long group gains: with ra = acc_long - acc_short - 1/(2K) and rl = (len_long - len_short) / len_short, ra/rl if ra is
    /// above 0, else ra x rl/10. Above 0 the long group is preferred, else the short.
    /// </summary>
    /// <param name="longAccuracy">Share of correct long samples, 0 to 1.</param>
    /// <param name="shortAccuracy">The same of short ones.</param>
    /// <param name="longTokens">Mean tokens of long samples.</param>
    /// <param name="shortTokens">The same of short ones, above 0.</param>
    /// <param name="samples">K, samples a group, at least 1.</param>
    public static double Gain(double longAccuracy, double shortAccuracy, double longTokens, double shortTokens, int samples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(shortTokens, 0);
        var accuracy = longAccuracy - shortAccuracy - 1.0 / (2 * samples);
        var length = (longTokens - shortTokens) / shortTokens;
        return accuracy > 0 ? accuracy / length : accuracy * (length / 10);
    }

    /// <summary>The pairs of a question: up to a limit between the groups, then up to a limit inside the preferred one.</summary>
    /// <remarks>
    /// <para>Between: correct ones of the preferred group (all, if none is) against wrong ones of the other (all, if none is), shuffled.
    /// Inside: the shortest correct one against the longest wrong ones; if none is wrong, against the longest correct ones; if none is
    /// correct, the shortest against the longest. The source's code has lost the wrong ones before it looks for them, and pairs a sample
    /// with itself; here wrong ones are found, and no pair has the same text twice.</para>
    /// <para>Where the long group is not longer, rl is at most 0: the gain's sign then is not what it means, and the group with the higher
    /// accuracy is preferred, of equals the one with fewer tokens.</para>
    /// </remarks>
    /// <param name="longSamples">Samples of the long reasoner; at least 1.</param>
    /// <param name="shortSamples">Samples of the short reasoner; at least 1.</param>
    /// <param name="seed">Seeds the shuffle, together with the id.</param>
    /// <param name="rowId">The row's id.</param>
    /// <param name="groupPairs">The most pairs between the groups (M1).</param>
    /// <param name="instancePairs">The most pairs inside (M2).</param>
    /// <returns>The pairs; empty where both groups have no correct sample.</returns>
    public static IReadOnlyList<PreferencePair> Of(
        IReadOnlyList<ChainSample> longSamples, IReadOnlyList<ChainSample> shortSamples, int seed, string rowId, int groupPairs = 4,
        int instancePairs = 2)
    {
        ArgumentNullException.ThrowIfNull(longSamples);
        ArgumentNullException.ThrowIfNull(shortSamples);
        if (longSamples.Count == 0 || shortSamples.Count == 0) return [];
        if (!longSamples.Concat(shortSamples).Any(sample => sample.IsCorrect)) return [];
        var (preferred, other) = PrefersLong(longSamples, shortSamples) ? (longSamples, shortSamples) : (shortSamples, longSamples);
        return [.. Between(preferred, other, RowRandom.For(seed, rowId)).Take(groupPairs), .. Inside(preferred).Take(instancePairs)];
    }

    private static bool PrefersLong(IReadOnlyList<ChainSample> longSamples, IReadOnlyList<ChainSample> shortSamples)
    {
        var (longAccuracy, shortAccuracy) = (Accuracy(longSamples), Accuracy(shortSamples));
        var (longTokens, shortTokens) = (Tokens(longSamples), Tokens(shortSamples));
        if (longTokens > shortTokens) return Gain(longAccuracy, shortAccuracy, longTokens, shortTokens, longSamples.Count) > 0;
        return longAccuracy == shortAccuracy ? longTokens < shortTokens : longAccuracy > shortAccuracy;
    }

    private static PreferencePair[] Between(IReadOnlyList<ChainSample> preferred, IReadOnlyList<ChainSample> other, Random random)
    {
        var pairs = (from chosen in OrAll(preferred, isCorrect: true)
                     from rejected in OrAll(other, isCorrect: false)
                     where chosen.Text != rejected.Text
                     select new PreferencePair(chosen.Text, rejected.Text, Group)).Distinct().ToArray();
        random.Shuffle(pairs);
        return pairs;
    }

    private static IEnumerable<PreferencePair> Inside(IReadOnlyList<ChainSample> group)
    {
        var chosen = OrAll(group, isCorrect: true).MinBy(sample => sample.Tokens)!;
        return OrAll(group, isCorrect: false).OrderByDescending(sample => sample.Tokens)
            .Where(rejected => rejected.Text != chosen.Text)
            .Select(rejected => new PreferencePair(chosen.Text, rejected.Text, Instance)).Distinct();
    }

    private static IReadOnlyList<ChainSample> OrAll(IReadOnlyList<ChainSample> samples, bool isCorrect) =>
        samples.Where(sample => sample.IsCorrect == isCorrect).ToArray() is { Length: > 0 } some ? some : samples;

    private static double Accuracy(IReadOnlyList<ChainSample> samples) => samples.Average(sample => sample.IsCorrect ? 1.0 : 0);

    private static double Tokens(IReadOnlyList<ChainSample> samples) => Math.Max(1, samples.Average(sample => sample.Tokens));
}
