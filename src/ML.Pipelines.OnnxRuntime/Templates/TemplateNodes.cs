namespace ML.Pipelines.OnnxRuntime.Templates;

/// <summary>An expression of a template.</summary>
/// <param name="At">Its index in the template.</param>
internal abstract record Expression(int At);

/// <summary>A constant.</summary>
internal sealed record LiteralExpression(object? Value, int At) : Expression(At);

/// <summary>A variable.</summary>
internal sealed record NameExpression(string Name, int At) : Expression(At);

/// <summary>A list or tuple.</summary>
internal sealed record ListExpression(IReadOnlyList<Expression> Items, int At) : Expression(At);

/// <summary>A dictionary.</summary>
internal sealed record DictionaryExpression(IReadOnlyList<(Expression Key, Expression Value)> Entries, int At) : Expression(At);

/// <summary><c>not</c>, <c>-</c> or <c>+</c>.</summary>
internal sealed record UnaryExpression(string Operator, Expression Operand, int At) : Expression(At);

/// <summary>An operator between two values; <c>and</c>, <c>or</c>, <c>in</c> and <c>not in</c> among them.</summary>
internal sealed record BinaryExpression(string Operator, Expression Left, Expression Right, int At) : Expression(At);

/// <summary><c>then if condition else otherwise</c>.</summary>
internal sealed record ConditionalExpression(Expression Condition, Expression Then, Expression? Otherwise, int At) : Expression(At);

/// <summary><c>target.name</c>.</summary>
internal sealed record MemberExpression(Expression Target, string Name, int At) : Expression(At);

/// <summary><c>target[index]</c>.</summary>
internal sealed record IndexExpression(Expression Target, Expression Index, int At) : Expression(At);

/// <summary><c>target[start:stop:step]</c>.</summary>
internal sealed record SliceExpression(Expression Target, Expression? Start, Expression? Stop, Expression? Step, int At) : Expression(At);

/// <summary><c>target(arguments)</c>.</summary>
internal sealed record CallExpression(Expression Target, ArgumentExpressions Arguments, int At) : Expression(At);

/// <summary><c>target | name(arguments)</c>.</summary>
internal sealed record FilterExpression(Expression Target, string Name, ArgumentExpressions Arguments, int At) : Expression(At);

/// <summary><c>target is name(arguments)</c>.</summary>
internal sealed record TestExpression(Expression Target, string Name, ArgumentExpressions Arguments, int At) : Expression(At);

/// <summary>The arguments of a call.</summary>
internal sealed record ArgumentExpressions(IReadOnlyList<Expression> Positional, IReadOnlyList<(string Name, Expression Value)> Named)
{
    public static ArgumentExpressions None { get; } = new([], []);
}

/// <summary>A statement, or text, of a template.</summary>
internal abstract record Statement;

/// <summary>Text as it is.</summary>
internal sealed record TextStatement(string Text) : Statement;

/// <summary><c>{{ value }}</c>.</summary>
internal sealed record OutputStatement(Expression Value) : Statement;

/// <summary><c>{% set target = value %}</c>; the target is a name, a namespace's member, or several names.</summary>
internal sealed record SetStatement(Expression Target, Expression Value) : Statement;

/// <summary><c>{% set name %}body{% endset %}</c>.</summary>
internal sealed record SetBlockStatement(Expression Target, IReadOnlyList<Statement> Body) : Statement;

/// <summary><c>{% if %}</c> with its <c>elif</c>s; the branch of <c>else</c> has no condition.</summary>
internal sealed record IfStatement(IReadOnlyList<(Expression? Condition, IReadOnlyList<Statement> Body)> Branches) : Statement;

/// <summary><c>{% for targets in items if condition %}body{% else %}otherwise{% endfor %}</c>.</summary>
internal sealed record ForStatement(Expression Target, Expression Items, Expression? Condition, IReadOnlyList<Statement> Body,
    IReadOnlyList<Statement> Otherwise, int At) : Statement;

/// <summary><c>{% macro name(parameters) %}body{% endmacro %}</c>.</summary>
internal sealed record MacroStatement(string Name, IReadOnlyList<(string Name, Expression? Default)> Parameters,
    IReadOnlyList<Statement> Body) : Statement;

/// <summary><c>{% break %}</c> or <c>{% continue %}</c>.</summary>
internal sealed record LoopControlStatement(bool Breaks) : Statement;
