namespace ML.Pipelines.OnnxRuntime.Templates;

/// <summary>Reads a template's statements; <see cref="ExpressionParser"/> reads what stands in them.</summary>
internal sealed class TemplateParser
{
    private readonly TemplateTokens _tokens;
    private readonly ExpressionParser _expressions;
    private int _loops;

    private TemplateParser(string source)
    {
        _tokens = new(TemplateLexer.Read(source));
        _expressions = new(_tokens);
    }

    /// <summary>The statements of a template.</summary>
    /// <exception cref="TemplateException">It is not a template, or has a statement that is not supported.</exception>
    public static IReadOnlyList<Statement> Parse(string source)
    {
        var parser = new TemplateParser(source);
        var body = parser.ReadBody();
        return parser._tokens.Current.Kind == TemplateTokenKind.End ? body
            : throw parser._tokens.Fault($"'{parser._tokens.Current.Text}' ends nothing here.");
    }

    /// <summary>Reads up to a statement that continues or ends the one around; its <c>{%</c> is read, its name not.</summary>
    private List<Statement> ReadBody()
    {
        _tokens.GuardDepth();
        var body = new List<Statement>();
        while (ReadStatement() is { } statement) body.Add(statement);
        return body;
    }

    private Statement? ReadStatement()
    {
        var token = _tokens.Current;
        switch (token.Kind)
        {
            case TemplateTokenKind.Text:
                _tokens.Move();
                return new TextStatement(token.Text);
            case TemplateTokenKind.OutputStart:
                _tokens.Move();
                var output = new OutputStatement(_expressions.ReadTuple());
                _tokens.Expect(TemplateTokenKind.OutputEnd, "}}");
                return output;
            case TemplateTokenKind.End:
                return null;
            default:
                _tokens.Move();
                return _tokens.Current.Text is "elif" or "else" || _tokens.Current.Text.StartsWith("end", StringComparison.Ordinal)
                    ? null : ReadTag();
        }
    }

    private Statement ReadTag()
    {
        var name = _tokens.Current;
        _tokens.Move();
        switch (name.Text)
        {
            case "if": return ReadIf();
            case "for": return ReadFor(name.At);
            case "set": return ReadSet();
            case "macro": return ReadMacro();
            case "break" or "continue" when _loops > 0:
                EndTag();
                return new LoopControlStatement(name.Text == "break");
            case "generation":
                // Marks for training what the assistant says; it prints its body.
                EndTag();
                return new IfStatement([(null, ReadBlock("endgeneration"))]);
            default: throw new TemplateException($"The statement '{name.Text}' is not supported.", name.At);
        }
    }

    private IfStatement ReadIf()
    {
        var branches = new List<(Expression?, IReadOnlyList<Statement>)>();
        Expression? condition = _expressions.Read();
        while (true)
        {
            EndTag();
            branches.Add((condition, ReadBody()));
            if (_tokens.Take("endif")) break;
            if (condition is null) throw _tokens.Fault("'endif' is missing.");
            if (_tokens.Take("elif")) condition = _expressions.Read();
            else if (_tokens.Take("else")) condition = null;
            else throw _tokens.Fault("'endif' is missing.");
        }
        EndTag();
        return new(branches);
    }

    private ForStatement ReadFor(int at)
    {
        var target = _expressions.ReadTarget();
        _tokens.Expect("in");
        var items = _expressions.ReadUnconditional();
        var condition = _tokens.Take("if") ? _expressions.Read() : null;
        EndTag();
        _loops++;
        var body = ReadBody();
        _loops--;
        IReadOnlyList<Statement> otherwise = [];
        if (_tokens.Take("else"))
        {
            EndTag();
            otherwise = ReadBody();
        }
        _tokens.Expect("endfor");
        EndTag();
        return new(target, items, condition, body, otherwise, at);
    }

    private Statement ReadSet()
    {
        var target = _expressions.ReadTarget();
        if (_tokens.Take("="))
        {
            var value = _expressions.ReadTuple();
            EndTag();
            return new SetStatement(target, value);
        }
        EndTag();
        return new SetBlockStatement(target, ReadBlock("endset"));
    }

    private MacroStatement ReadMacro()
    {
        var name = _tokens.ExpectName();
        var parameters = new List<(string, Expression?)>();
        _tokens.Expect("(");
        while (!_tokens.Take(")"))
        {
            if (parameters.Count > 0) _tokens.Expect(",");
            parameters.Add((_tokens.ExpectName(), _tokens.Take("=") ? _expressions.Read() : null));
        }
        EndTag();
        return new(name, parameters, ReadBlock("endmacro"));
    }

    private List<Statement> ReadBlock(string end)
    {
        var body = ReadBody();
        _tokens.Expect(end);
        EndTag();
        return body;
    }

    private void EndTag() => _tokens.Expect(TemplateTokenKind.StatementEnd, "%}");
}
