using System.Collections.Frozen;
using System.Numerics;

namespace ML.Pipelines.Text;

/// <summary>Reads a scalar answer: + - * / ^, brackets, fractions, roots, single letters, Greek letters and common functions.</summary>
/// <remarks>Recursive descent over the text that <see cref="AnswerText.Normalize"/> gives. Null for anything else, words
/// among it.</remarks>
internal sealed class AnswerExpressionParser
{
    private const int MaxDepth = 40;
    private const int MaxLength = 1000;

    private static readonly FrozenSet<string> Symbols = new[]
    {
        "pi", "alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "theta", "lambda", "mu", "nu", "rho", "sigma", "tau", "phi",
        "varphi", "omega", "infty", "ell",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Functions =
        new[] { "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "ln", "log", "exp" }
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private readonly string _text;
    private int _at;
    private int _depth;

    private AnswerExpressionParser(string text) => _text = text;

    /// <summary>The expression, or null when the text is none.</summary>
    public static AnswerExpression? Parse(string text)
    {
        if (text.Length is 0 or > MaxLength) return null;
        var parser = new AnswerExpressionParser(text);
        AnswerExpression? expression = parser.Sum();
        return parser.Peek() == '\0' && parser._at >= text.Length ? expression : null;
    }

    private AnswerExpression? Sum()
    {
        if (++_depth > MaxDepth) return null;
        AnswerExpression? sum = Signed();
        while (sum is not null && Peek() is ('+' or '-')) sum = Signed() is { } next ? sum.Add(next) : null;
        _depth--;
        return sum;
    }

    private AnswerExpression? Signed()
    {
        bool isNegative = false;
        for (; Peek() is '+' or '-'; _at++) isNegative ^= Peek() == '-';
        AnswerExpression? product = Product();
        return isNegative ? product?.Negate() : product;
    }

    private AnswerExpression? Product()
    {
        AnswerExpression? product = Factor();
        while (product is not null && StartsFactor(Peek()))
        {
            char sign = Peek();
            if (sign is '*' or '/') _at++;
            else if (char.IsAsciiDigit(sign) || sign == '.') return null;
            AnswerExpression? next = Factor();
            product = next is null ? null : sign == '/' ? product.Divide(next) : product.Multiply(next);
        }
        return product;
    }

    private static bool StartsFactor(char next) => next is '*' or '/' or '(' or '{' or '\\' or '.' || char.IsLetterOrDigit(next);

    private AnswerExpression? Factor()
    {
        if (Peek() == '-') return NegativeFactor();
        AnswerExpression? factor = Atom();
        if (factor is null || Peek() != '^') return factor;
        _at++;
        if (Exponent() is not { } exponent) return null;
        if (exponent.Value is { IsInteger: true } whole && BigInteger.Abs(whole.Numerator) <= Rational.MaxBits)
            return factor.Power((int)whole.Numerator);
        return AnswerExpression.Symbol($"pow({factor},{exponent})");
    }

    // '2*-3'
    private AnswerExpression? NegativeFactor()
    {
        _at++;
        if (++_depth > MaxDepth) return null;
        AnswerExpression? negated = Factor()?.Negate();
        _depth--;
        return negated;
    }

    private AnswerExpression? Exponent() => Peek() == '-' ? NegativeFactor() : Atom();

    private AnswerExpression? Atom()
    {
        char next = Peek();
        if (char.IsAsciiDigit(next) || next == '.') return Number();
        if (next is '(' or '{') return Bracketed(next == '(' ? ')' : '}');
        if (next == '\\') return Command();
        return char.IsLetter(next) ? Letters() : null;
    }

    private AnswerExpression? Bracketed(char close)
    {
        _at++;
        AnswerExpression? inner = Sum();
        if (inner is null || Peek() != close) return null;
        _at++;
        return inner;
    }

    private AnswerExpression? Number()
    {
        int start = _at;
        while (_at < _text.Length && (char.IsAsciiDigit(_text[_at]) || _text[_at] == '.')) _at++;
        if (Rational.Parse(_text.AsSpan(start, _at - start)) is not { } value) return null;
        return ScientificOf(value) ?? MixedWith(value) ?? AnswerExpression.Of(value);
    }

    // '1.5e3'; '2e' is twice Euler's number.
    private AnswerExpression? ScientificOf(Rational mantissa)
    {
        int back = _at;
        if (_at < _text.Length && _text[_at] is 'e' or 'E')
        {
            int sign = CharacterRuns.IsAt(_text, ++_at, '-') ? -1 : 1;
            if (Peek() is '-' or '+') _at++;
            if (_text[_at - 1] != ' ' && Digits() is { } exponent && BigInteger.Abs(exponent.Numerator) <= Rational.MaxBits
                && Rational.Of(10).Power(sign * (int)exponent.Numerator) is { } scale && mantissa.Multiply(scale) is { } value)
                return AnswerExpression.Of(value);
        }
        _at = back;
        return null;
    }

    // '1 1/2' and '1\frac12' are one and a half.
    private AnswerExpression? MixedWith(Rational whole)
    {
        int back = _at;
        if (whole.IsInteger && Fraction() is { } part && whole.Add(part) is { } sum) return AnswerExpression.Of(sum);
        _at = back;
        return null;
    }

    private Rational? Fraction()
    {
        bool isSpaced = _at < _text.Length && _text[_at] == ' ';
        if (Peek() == '\\') return Word() is "frac" ? Quotient() : null;
        if (!isSpaced || Digits() is not { } numerator || Peek() != '/') return null;
        _at++;
        return Digits() is { } denominator ? numerator.Divide(denominator) : null;
    }

    private Rational? Quotient() => Argument()?.Value is { } above && Argument()?.Value is { } below ? above.Divide(below) : null;

    private Rational? Digits()
    {
        if (Peek() == '\0') return null;
        int start = _at;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at])) _at++;
        return Rational.Parse(_text.AsSpan(start, _at - start));
    }

    private AnswerExpression? Command()
    {
        string name = Word();
        if (name == "frac") return Argument() is { } above && Argument() is { } below ? above.Divide(below) : null;
        if (name == "sqrt") return Root();
        if (Functions.Contains(name)) return Function(name);
        return Symbols.Contains(name) ? AnswerExpression.Symbol(name.ToLowerInvariant()) : null;
    }

    private AnswerExpression? Letters()
    {
        string name = Word();
        if (name.Length == 1) return AnswerExpression.Symbol(name.ToLowerInvariant());
        if (name.Equals("sqrt", StringComparison.OrdinalIgnoreCase)) return Root();
        if (Functions.Contains(name)) return Function(name);
        return Symbols.Contains(name) ? AnswerExpression.Symbol(name.ToLowerInvariant()) : null;
    }

    private AnswerExpression? Root()
    {
        AnswerExpression? index = Peek() == '[' ? Bracketed(']') : null;
        if (Argument() is not { } inner) return null;
        if (index is null && inner.Value is { } value && SquareRoot(value) is { } root) return AnswerExpression.Of(root);
        return AnswerExpression.Symbol($"root({index?.ToString() ?? "2"},{inner})");
    }

    private AnswerExpression? Function(string name) =>
        Peek() is not ('^' or '_') && Argument() is { } argument
            ? AnswerExpression.Symbol($"{name.ToLowerInvariant()}({argument})")
            : null;

    // TeX: an argument is a group, a command, or one character; '\frac12' is a half.
    private AnswerExpression? Argument()
    {
        if (!char.IsAsciiDigit(Peek())) return char.IsLetter(Peek()) ? SingleLetter() : Atom();
        return AnswerExpression.Of(Rational.Of(_text[_at++] - '0'));
    }

    private AnswerExpression SingleLetter() => AnswerExpression.Symbol(_text[_at++].ToString().ToLowerInvariant());

    private string Word()
    {
        if (Peek() == '\\') _at++;
        int start = _at;
        while (_at < _text.Length && char.IsLetter(_text[_at])) _at++;
        return _text[start.._at];
    }

    private char Peek()
    {
        while (_at < _text.Length && _text[_at] == ' ') _at++;
        return _at < _text.Length ? _text[_at] : '\0';
    }

    private static Rational? SquareRoot(Rational value) =>
        value.Numerator.Sign >= 0 && SquareRoot(value.Numerator) is { } above && SquareRoot(value.Denominator) is { } below
            ? Rational.Create(above, below)
            : null;

    private static BigInteger? SquareRoot(BigInteger square)
    {
        if (square.IsZero) return BigInteger.Zero;
        BigInteger root = BigInteger.One << (int)((square.GetBitLength() + 1) / 2);
        while (true)
        {
            BigInteger better = (root + (square / root)) >> 1;
            if (better >= root) break;
            root = better;
        }
        return root * root == square ? root : null;
    }
}
