namespace ML.Pipelines.Lengthening;

/// <summary>How long a response should be, and how well one keeps to it (LonGen, the benchmark of Self-Lengthen).</summary>
/// <remarks>Lengths are words of <see cref="WordCount"/>.</remarks>
public sealed record LengthConstraint
{
    private LengthConstraint(double least, double most) => (Least, Most) = (least, most);

    /// <summary>The fewest words that keep to it.</summary>
    public double Least { get; }

    /// <summary>The most words that keep to it.</summary>
    public double Most { get; }

    /// <summary>About so many words: 0.8 to 1.2 times.</summary>
    /// <param name="words">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">No words.</exception>
    public static LengthConstraint About(int words) => new(.8 * Positive(words), 1.2 * words);

    /// <summary>From one number of words to another.</summary>
    /// <param name="least">At least 1.</param>
    /// <param name="most">At least <paramref name="least"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">No words, or fewer than the least.</exception>
    public static LengthConstraint Between(int least, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, Positive(least));
        return new(least, most);
    }

    /// <summary>More than so many words: up to 1.5 times.</summary>
    /// <param name="words">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">No words.</exception>
    public static LengthConstraint Above(int words) => new(Positive(words), 1.5 * words);

    /// <summary>Less than so many words: from half of them.</summary>
    /// <param name="words">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">No words.</exception>
    public static LengthConstraint Below(int words) => new(.5 * Positive(words), words);

    /// <summary>
    /// The length score of a response of L words: 1 from <see cref="Least"/> A to <see cref="Most"/> B; below, max(2L/A - 1, 0); above,
    /// max(3 - 2L/B, 0).
    /// </summary>
    /// <param name="words">The response's words.</param>
    /// <returns>0 to 1.</returns>
    public double Score(int words) =>
        words < Least ? Math.Max(2 * words / Least - 1, 0)
        : words > Most ? Math.Max(3 - 2 * words / Most, 0)
        : 1;

    private static int Positive(int words)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(words, 1);
        return words;
    }
}
