using System.Collections.Immutable;

namespace ML.Pipelines.Text;

/// <summary>A sum of monomials with exact rational coefficients, the form in which answers compare.</summary>
/// <remarks>Not a computer algebra system: sums in brackets are opaque factors, nothing is expanded, factored or rationalised.</remarks>
internal sealed class AnswerExpression
{
    private static readonly ImmutableSortedDictionary<string, int> NoFactors =
        ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);

    private readonly ImmutableSortedDictionary<string, Term> _terms;

    private AnswerExpression(ImmutableSortedDictionary<string, Term> terms) => _terms = terms;

    /// <summary>Terms in it.</summary>
    public int Count => _terms.Count;

    /// <summary>Its value, when it has no symbols.</summary>
    public Rational? Value => Monomial is { Factors.Count: 0 } term ? term.Coefficient : null;

    /// <summary>Its term, when it has but one.</summary>
    private Term? Monomial => _terms.Count switch
    {
        0 => new Term(Rational.Zero, NoFactors),
        1 => _terms.Values.First(),
        _ => null,
    };

    public static AnswerExpression Of(Rational value) => Of(new Term(value, NoFactors));

    public static AnswerExpression Symbol(string name) => Of(new Term(Rational.One, NoFactors.Add(name, 1)));

    public AnswerExpression? Add(AnswerExpression other)
    {
        var terms = _terms.ToBuilder();
        foreach ((string key, Term term) in other._terms)
        {
            Rational? sum = term.Coefficient.Add(terms.TryGetValue(key, out Term? present) ? present.Coefficient : Rational.Zero);
            if (sum is not { } coefficient) return null;
            if (coefficient.IsZero) terms.Remove(key);
            else terms[key] = term with { Coefficient = coefficient };
        }
        return new AnswerExpression(terms.ToImmutable());
    }

    public AnswerExpression Negate() =>
        new(_terms.ToImmutableSortedDictionary(entry => entry.Key, entry => entry.Value.Negate(), StringComparer.Ordinal));

    public AnswerExpression? Multiply(AnswerExpression other)
    {
        (Term left, Term right) = (AsMonomial(), other.AsMonomial());
        return left.Coefficient.Multiply(right.Coefficient) is { } coefficient ? Merge(left, right, coefficient) : null;
    }

    public AnswerExpression? Divide(AnswerExpression other) => other.Power(-1) is { } inverse ? Multiply(inverse) : null;

    /// <summary>The power to a whole exponent; null when it is undefined or too large.</summary>
    public AnswerExpression? Power(int exponent)
    {
        Term term = AsMonomial();
        if (term.Coefficient.Power(exponent) is not { } coefficient || Math.Abs((long)exponent) > Rational.MaxBits) return null;
        ImmutableSortedDictionary<string, int>.Builder factors = NoFactors.ToBuilder();
        foreach ((string name, int power) in term.Factors)
        {
            long raised = (long)power * exponent;
            if (Math.Abs(raised) > Rational.MaxBits) return null;
            if (raised != 0) factors[name] = (int)raised;
        }
        return Of(new Term(coefficient, factors.ToImmutable()));
    }

    /// <summary>The canonical form: equal expressions have equal texts.</summary>
    public override string ToString() =>
        _terms.Count == 0 ? "0" : string.Join(" + ", _terms.Select(entry => $"{entry.Value.Coefficient}·{entry.Key}"));

    private Term AsMonomial() => Monomial ?? new Term(Rational.One, NoFactors.Add($"({this})", 1));

    private static AnswerExpression? Merge(Term left, Term right, Rational coefficient)
    {
        ImmutableSortedDictionary<string, int>.Builder factors = left.Factors.ToBuilder();
        foreach ((string name, int power) in right.Factors)
        {
            int sum = factors.GetValueOrDefault(name) + power;
            if (Math.Abs((long)sum) > Rational.MaxBits) return null;
            if (sum == 0) factors.Remove(name);
            else factors[name] = sum;
        }
        return Of(new Term(coefficient, factors.ToImmutable()));
    }

    private static AnswerExpression Of(Term term)
    {
        var none = ImmutableSortedDictionary.Create<string, Term>(StringComparer.Ordinal);
        return new AnswerExpression(term.Coefficient.IsZero ? none : none.Add(term.Key, term));
    }

    private sealed record Term(Rational Coefficient, ImmutableSortedDictionary<string, int> Factors)
    {
        public string Key => string.Join('*', Factors.Select(factor => FormattableString.Invariant($"{factor.Key}^{factor.Value}")));

        public Term Negate() => this with { Coefficient = Coefficient.Negate() };
    }
}
