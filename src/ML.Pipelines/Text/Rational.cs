using System.Globalization;
using System.Numerics;

namespace ML.Pipelines.Text;

/// <summary>An exact fraction in lowest terms with a positive denominator.</summary>
/// <remarks>Operations whose result would need more than <see cref="MaxBits"/> bits give null, so that no answer can use up
/// memory.</remarks>
internal readonly record struct Rational
{
    /// <summary>Most bits of a numerator or denominator.</summary>
    public const int MaxBits = 4096;

    private Rational(BigInteger numerator, BigInteger denominator) => (Numerator, Denominator) = (numerator, denominator);

    public static Rational Zero { get; } = new(BigInteger.Zero, BigInteger.One);

    public static Rational One { get; } = new(BigInteger.One, BigInteger.One);

    public BigInteger Numerator { get; }

    public BigInteger Denominator { get; }

    public bool IsZero => Numerator.IsZero;

    public bool IsInteger => Denominator.IsOne;

    public static Rational? Create(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero) return null;
        BigInteger divisor = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
        (numerator, denominator) = (numerator / divisor, denominator / divisor);
        return Math.Max(numerator.GetBitLength(), denominator.GetBitLength()) > MaxBits ? null : new Rational(numerator, denominator);
    }

    public static Rational Of(int value) => new(value, BigInteger.One);

    /// <summary>Reads ASCII digits with an optional decimal point; null for anything else.</summary>
    public static Rational? Parse(ReadOnlySpan<char> digits)
    {
        int point = digits.IndexOf('.');
        ReadOnlySpan<char> whole = point < 0 ? digits : digits[..point], part = point < 0 ? [] : digits[(point + 1)..];
        if (whole.Length + part.Length is 0 or > MaxBits / 4) return null;
        if (!IsDigits(whole) || !IsDigits(part)) return null;
        var digitsOnly = BigInteger.Parse(string.Concat("0", whole, part), CultureInfo.InvariantCulture);
        return Create(digitsOnly, BigInteger.Pow(10, part.Length));
    }

    public Rational? Add(Rational other) =>
        Create((Numerator * other.Denominator) + (other.Numerator * Denominator), Denominator * other.Denominator);

    public Rational? Multiply(Rational other) => Create(Numerator * other.Numerator, Denominator * other.Denominator);

    public Rational? Divide(Rational other) => Create(Numerator * other.Denominator, Denominator * other.Numerator);

    public Rational Negate() => new(-Numerator, Denominator);

    public Rational? Power(int exponent)
    {
        long bits = Math.Max(Numerator.GetBitLength(), Denominator.GetBitLength()) * Math.Abs((long)exponent);
        if (bits > 2 * MaxBits) return null;
        var numerator = BigInteger.Pow(Numerator, Math.Abs(exponent));
        var denominator = BigInteger.Pow(Denominator, Math.Abs(exponent));
        return exponent < 0 ? Create(denominator, numerator) : Create(numerator, denominator);
    }

    public override string ToString() => IsInteger ? $"{Numerator}" : $"{Numerator}/{Denominator}";

    private static bool IsDigits(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');
}
