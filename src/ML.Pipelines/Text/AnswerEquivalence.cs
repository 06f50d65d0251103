namespace ML.Pipelines.Text;

/// <summary>Tells whether two final answers are the same.</summary>
/// <remarks>
/// <para>
/// The comparison that math graders make (the Qwen2.5-Math grader of LIMOPro's evaluation and MATH's string normalisation), without a
/// computer algebra system: what needs expanding, factoring, rationalising or numerics is not equal to its result.
/// </para>
/// <list type="bullet">
/// <item>Numbers compare exactly: thousands separators, leading zeros, signs, decimals, fractions, mixed numbers, powers and <c>1.5e3</c>;
/// 0.5 is 1/2, but 0.333 is not 1/3. Numbers above 4096 bits compare as text.</item>
/// <item>Per cent: 50% is 50 and is 0.5, as graders accept both; 50% is not 5000%.</item>
/// <item>Units, currencies and degrees may be missing on one side; where both have one, they must agree.</item>
/// <item>LaTeX and Unicode spellings of the same symbol are the same; sums and products compare in any order.</item>
/// <item>A name before an equals sign may be missing on one side.</item>
/// <item>Lists, sets and unions compare in any order; tuples and intervals in order, with the same brackets.</item>
/// <item>Choices "(B)", "B." and "B" are the same; words compare without case and spaces.</item>
/// </list>
/// <para>Reflexive and symmetric, but, with per cent and missing units, not transitive. Never throws; thread-safe.</para>
/// </remarks>
public static class AnswerEquivalence
{
    private const int MaxLength = 2000;

    /// <summary>Whether the answers are the same.</summary>
    /// <param name="a">An answer; longer than 2000 UTF-16 code units, it compares as text.</param>
    /// <param name="b">The other.</param>
    public static bool AreEquivalent(string? a, string? b)
    {
        if (a is null || b is null) return ReferenceEquals(a, b);
        if (string.Equals(a, b, StringComparison.Ordinal)) return true;
        (bool isBlankA, bool isBlankB) = (string.IsNullOrWhiteSpace(a), string.IsNullOrWhiteSpace(b));
        if (isBlankA || isBlankB) return isBlankA && isBlankB;
        if (Math.Max(a.Length, b.Length) > MaxLength) return AnswerText.Key(a) == AnswerText.Key(b);
        return Match(AnswerParser.Parse(AnswerText.Normalize(a)), AnswerParser.Parse(AnswerText.Normalize(b)));
    }

    private static bool Match(AnswerForm a, AnswerForm b)
    {
        if (a.Key.Length > 0 && a.Key == b.Key) return true;
        if (a.Name is not null && b.Name is not null && a.Name != b.Name) return false;
        if (a.Elements is null || b.Elements is null) return a.Elements is null && b.Elements is null && ScalarsMatch(a, b);
        return a.Elements.Count == b.Elements.Count && ElementsMatch(a, b);
    }

    private static bool ElementsMatch(AnswerForm a, AnswerForm b)
    {
        if (a.IsUnordered && b.IsUnordered && (a.Brackets == AnswerForm.Union) == (b.Brackets == AnswerForm.Union))
            return EachMatches(a.Elements!, b.Elements!) || EachMatches(b.Elements!, a.Elements!);
        return a.Brackets == b.Brackets && a.Elements!.Zip(b.Elements!).All(pair => Match(pair.First, pair.Second));
    }

    private static bool EachMatches(IReadOnlyList<AnswerForm> a, IReadOnlyList<AnswerForm> b)
    {
        var left = b.ToList();
        foreach (AnswerForm element in a)
        {
            int found = left.FindIndex(other => Match(element, other));
            if (found < 0) return false;
            left.RemoveAt(found);
        }
        return true;
    }

    private static bool ScalarsMatch(AnswerForm a, AnswerForm b)
    {
        if (a.Expression is null || b.Expression is null) return false;
        if (a.Unit is not null && b.Unit is not null && a.Unit != b.Unit) return false;
        if (a.Expression.ToString() == b.Expression.ToString()) return true;
        return a.IsPercent != b.IsPercent && (a.IsPercent ? IsShare(a.Expression, b.Expression) : IsShare(b.Expression, a.Expression));
    }

    private static bool IsShare(AnswerExpression percent, AnswerExpression share) =>
        percent.Divide(AnswerExpression.Of(Rational.Of(100)))?.ToString() == share.ToString();
}
