using System.Globalization;

namespace ML.Pipelines.OnnxRuntime.Templates;

/// <summary>Reads expressions by Jinja's precedence: if-else, or, and, not, comparisons, + -, ~, * / // %, **, signs, then
/// members, calls, filters and tests.</summary>
internal sealed class ExpressionParser(TemplateTokens tokens)
{
    private static readonly string[][] Levels = [["+", "-"], ["~"], ["*", "/", "//", "%"]];
    private static readonly string[] Comparisons = ["==", "!=", "<", ">", "<=", ">=", "in"];
    private static readonly string[] AfterTest = ["else", "or", "and", "is", "if", "in", "not"];

    /// <summary>An expression, or several with commas between as a tuple.</summary>
    public Expression ReadTuple()
    {
        var (first, at) = (Read(), tokens.Current.At);
        return tokens.Is(",") ? new ListExpression(ReadMore(first), at) : first;
    }

    /// <summary>An expression.</summary>
    /// <exception cref="TemplateException">There is none.</exception>
    public Expression Read()
    {
        tokens.GuardDepth();
        var result = ReadUnconditional();
        while (tokens.Is("if"))
        {
            var at = tokens.Current.At;
            tokens.Move();
            var condition = ReadUnconditional();
            result = new ConditionalExpression(condition, result, tokens.Take("else") ? Read() : null, at);
        }
        return result;
    }

    /// <summary>An expression without if-else, as behind a for's <c>in</c>.</summary>
    public Expression ReadUnconditional() => ReadLogical("or", () => ReadLogical("and", ReadNot));

    /// <summary>What a set or for writes to: a name, a member of a namespace, or names.</summary>
    public Expression ReadTarget()
    {
        var first = ReadTargetName();
        return tokens.Is(",") ? new ListExpression([first, .. ReadTargetNames()], first.At) : first;
    }

    private IEnumerable<Expression> ReadTargetNames()
    {
        while (tokens.Take(",")) yield return ReadTargetName();
    }

    private Expression ReadTargetName()
    {
        var at = tokens.Current.At;
        var name = new NameExpression(tokens.ExpectName(), at);
        return tokens.Take(".") ? new MemberExpression(name, tokens.ExpectName(), at) : name;
    }

    private List<Expression> ReadMore(Expression first)
    {
        var items = new List<Expression> { first };
        while (tokens.Take(",") && tokens.Current.Kind is not (TemplateTokenKind.OutputEnd or TemplateTokenKind.StatementEnd)
            && !tokens.Is(")"))
            items.Add(Read());
        return items;
    }

    private Expression ReadLogical(string keyword, Func<Expression> operand)
    {
        var left = operand();
        while (tokens.Is(keyword))
        {
            var at = tokens.Current.At;
            tokens.Move();
            left = new BinaryExpression(keyword, left, operand(), at);
        }
        return left;
    }

    private Expression ReadNot()
    {
        var at = tokens.Current.At;
        if (!tokens.Take("not")) return ReadComparison();
        tokens.GuardDepth();
        return new UnaryExpression("not", ReadNot(), at);
    }

    // As in Python, a < b < c is a < b and b < c.
    private Expression ReadComparison()
    {
        var left = ReadBinary(0);
        Expression? all = null;
        while (TakeComparison() is { } comparison)
        {
            var right = ReadBinary(0);
            var one = new BinaryExpression(comparison.Text, left, right, comparison.At);
            (all, left) = (all is null ? one : new BinaryExpression("and", all, one, comparison.At), right);
        }
        return all ?? left;
    }

    private (string Text, int At)? TakeComparison()
    {
        var at = tokens.Current.At;
        if (tokens.Is("not") && tokens.NextIs("in"))
        {
            tokens.Move();
            tokens.Move();
            return ("not in", at);
        }
        return Array.Find(Comparisons, tokens.Take) is { } found ? (found, at) : null;
    }

    private Expression ReadBinary(int level)
    {
        if (level == Levels.Length) return ReadPower();
        var left = ReadBinary(level + 1);
        for (var at = tokens.Current.At; Array.Find(Levels[level], tokens.Take) is { } found; at = tokens.Current.At)
            left = new BinaryExpression(found, left, ReadBinary(level + 1), at);
        return left;
    }

    private Expression ReadPower()
    {
        var left = ReadSigned(filters: true);
        for (var at = tokens.Current.At; tokens.Take("**"); at = tokens.Current.At)
            left = new BinaryExpression("**", left, ReadSigned(filters: true), at);
        return left;
    }

    // A sign binds tighter than a filter: -x | abs is (-x) | abs.
    private Expression ReadSigned(bool filters)
    {
        var at = tokens.Current.At;
        tokens.GuardDepth();
        var value = tokens.Take("-") ? new UnaryExpression("-", ReadSigned(filters: false), at)
            : tokens.Take("+") ? new UnaryExpression("+", ReadSigned(filters: false), at)
            : ReadPostfix(ReadPrimary());
        return filters ? ReadFiltersAndTests(value) : value;
    }

    private Expression ReadFiltersAndTests(Expression value)
    {
        while (true)
        {
            var at = tokens.Current.At;
            if (tokens.Take("|"))
                value = new FilterExpression(value, tokens.ExpectName(), tokens.Is("(") ? ReadArguments() : ArgumentExpressions.None, at);
            else if (tokens.Take("is"))
                value = ReadTest(value, at);
            else if (tokens.Is("("))
                value = new CallExpression(value, ReadArguments(), at);
            else
                return value;
        }
    }

    private Expression ReadTest(Expression value, int at)
    {
        var isNegated = tokens.Take("not");
        var name = tokens.ExpectName();
        var arguments = tokens.Is("(") ? ReadArguments()
            : StartsArgument() ? new([ReadPostfix(ReadPrimary())], []) : ArgumentExpressions.None;
        var test = new TestExpression(value, name, arguments, at);
        return isNegated ? new UnaryExpression("not", test, at) : test;
    }

    private bool StartsArgument() => tokens.Current.Kind switch
    {
        TemplateTokenKind.Name => !AfterTest.Contains(tokens.Current.Text),
        TemplateTokenKind.String or TemplateTokenKind.Integer or TemplateTokenKind.Float => true,
        _ => tokens.Is("[") || tokens.Is("{"),
    };

    private Expression ReadPostfix(Expression value)
    {
        while (true)
        {
            var at = tokens.Current.At;
            if (tokens.Take("."))
                value = ReadMember(value, at);
            else if (tokens.Take("["))
                value = ReadIndex(value, at);
            else if (tokens.Is("("))
                value = new CallExpression(value, ReadArguments(), at);
            else
                return value;
        }
    }

    private Expression ReadMember(Expression target, int at)
    {
        if (tokens.Current.Kind != TemplateTokenKind.Integer) return new MemberExpression(target, tokens.ExpectName(), at);
        return new IndexExpression(target, ReadPrimary(), at);
    }

    private Expression ReadIndex(Expression target, int at)
    {
        var start = tokens.Is(":") ? null : Read();
        if (start is not null && tokens.Take("]")) return new IndexExpression(target, start, at);
        tokens.Expect(":");
        var stop = tokens.Is(":") || tokens.Is("]") ? null : Read();
        var step = tokens.Take(":") && !tokens.Is("]") ? Read() : null;
        tokens.Expect("]");
        return new SliceExpression(target, start, stop, step, at);
    }

    private ArgumentExpressions ReadArguments()
    {
        var (positional, named) = (new List<Expression>(), new List<(string, Expression)>());
        tokens.Expect("(");
        while (!tokens.Take(")"))
        {
            if (positional.Count + named.Count > 0) tokens.Expect(",");
            if (tokens.Take(")")) break;
            if (tokens.Current.Kind == TemplateTokenKind.Name && tokens.NextIs("="))
                named.Add((ReadArgumentName(), Read()));
            else
                positional.Add(Read());
        }
        return new(positional, named);
    }

    private string ReadArgumentName()
    {
        var name = tokens.ExpectName();
        tokens.Expect("=");
        return name;
    }

    private Expression ReadPrimary()
    {
        var token = tokens.Current;
        tokens.Move();
        return token.Kind switch
        {
            TemplateTokenKind.String => new LiteralExpression(ReadStrings(token.Text), token.At),
            TemplateTokenKind.Integer => long.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? new LiteralExpression(number, token.At) : throw new TemplateException("The number is too large.", token.At),
            TemplateTokenKind.Float => new LiteralExpression(double.Parse(token.Text, CultureInfo.InvariantCulture), token.At),
            TemplateTokenKind.Name => ReadName(token),
            TemplateTokenKind.Operator when token.Text == "(" => ReadParentheses(token.At),
            TemplateTokenKind.Operator when token.Text == "[" => new ListExpression(ReadItems("]", Read), token.At),
            TemplateTokenKind.Operator when token.Text == "{" => new DictionaryExpression(ReadItems("}", ReadEntry), token.At),
            _ => throw new TemplateException("An expression is missing.", token.At),
        };
    }

    private static Expression ReadName(TemplateToken token) => token.Text switch
    {
        "true" or "True" => new LiteralExpression(true, token.At),
        "false" or "False" => new LiteralExpression(false, token.At),
        "none" or "None" => new LiteralExpression(null, token.At),
        _ => new NameExpression(token.Text, token.At),
    };

    private string ReadStrings(string first)
    {
        for (; tokens.Current is { Kind: TemplateTokenKind.String } next; tokens.Move()) first += next.Text;
        return first;
    }

    private Expression ReadParentheses(int at)
    {
        if (tokens.Take(")")) return new ListExpression([], at);
        var inside = ReadTuple();
        tokens.Expect(")");
        return inside;
    }

    private List<T> ReadItems<T>(string close, Func<T> read)
    {
        var items = new List<T>();
        while (!tokens.Take(close))
        {
            if (items.Count > 0) tokens.Expect(",");
            if (tokens.Take(close)) break;
            items.Add(read());
        }
        return items;
    }

    private (Expression, Expression) ReadEntry()
    {
        var key = Read();
        tokens.Expect(":");
        return (key, Read());
    }
}
