using System.Text;

namespace ML.Pipelines.OnnxRuntime.Templates;

/// <summary>Runs a template's statements.</summary>
/// <remarks>Bounded: at most <see cref="MaxSteps"/> statements and items, and <see cref="MaxText"/> characters of any text. A template
/// reaches nothing but its variables and the values it makes of them.</remarks>
internal sealed class TemplateInterpreter
{
    /// <summary>The most statements, loop items and calls of one rendering.</summary>
    public const int MaxSteps = 1_000_000;

    /// <summary>The most characters of the output, and of any string on the way.</summary>
    public const int MaxText = 1 << 26;

    private readonly ExpressionEvaluator _evaluator;
    private StringBuilder _output = new();
    private int _steps;
    private bool? _loopBreaks;

    private TemplateInterpreter() => _evaluator = new(CountStep);

    /// <summary>What the statements print.</summary>
    /// <param name="statements">A parsed template.</param>
    /// <param name="variables">What the template may read.</param>
    /// <exception cref="TemplateException">It fails with these variables, raises an exception itself, or exceeds a bound.</exception>
    public static string Render(IReadOnlyList<Statement> statements, IEnumerable<KeyValuePair<string, object?>> variables)
    {
        var interpreter = new TemplateInterpreter();
        var globals = new TemplateScope(null);
        TemplateGlobals.AddTo(globals);
        foreach (var (name, value) in variables) globals[name] = value;
        interpreter.Run(statements, new(globals));
        return interpreter._output.ToString();
    }

    private void CountStep(int at)
    {
        if (++_steps > MaxSteps) throw new TemplateException($"The template takes more than {MaxSteps} steps.", at);
    }

    private void Run(IReadOnlyList<Statement> statements, TemplateScope scope)
    {
        foreach (var statement in statements)
        {
            Run(statement, scope);
            if (_loopBreaks is not null) return;
        }
    }

    private void Run(Statement statement, TemplateScope scope)
    {
        CountStep(0);
        switch (statement)
        {
            case TextStatement text: Print(text.Text, 0); break;
            case OutputStatement output: Print(TemplateValues.ToText(_evaluator.Evaluate(output.Value, scope)), output.Value.At); break;
            case SetStatement set: Assign(set.Target, _evaluator.Evaluate(set.Value, scope), scope); break;
            case SetBlockStatement set: Assign(set.Target, Capture(set.Body, new(scope)), scope); break;
            case IfStatement branches: RunIf(branches, scope); break;
            case ForStatement loop: RunFor(loop, scope); break;
            case MacroStatement macro: scope[macro.Name] = Define(macro, scope); break;
            case LoopControlStatement control: _loopBreaks = control.Breaks; break;
        }
    }

    private void Print(string text, int at)
    {
        if (_output.Length + text.Length > MaxText) throw new TemplateException($"The text is longer than {MaxText} characters.", at);
        _output.Append(text);
    }

    private void RunIf(IfStatement statement, TemplateScope scope)
    {
        foreach (var (condition, body) in statement.Branches)
        {
            if (condition is not null && !TemplateValues.IsTrue(_evaluator.Evaluate(condition, scope))) continue;
            Run(body, scope);
            return;
        }
    }

    private void RunFor(ForStatement loop, TemplateScope scope)
    {
        var value = _evaluator.Evaluate(loop.Items, scope);
        var items = TemplateValues.Items(value)
            ?? throw new TemplateException($"A loop cannot go over {TemplateValues.KindOf(value)}.", loop.Items.At);
        if (loop.Condition is not null) items = [.. items.Where(item => Passes(loop, item, scope))];
        for (var i = 0; i < items.Count && _loopBreaks != true; i++)
        {
            _loopBreaks = null;
            CountStep(loop.At);
            var inside = new TemplateScope(scope);
            inside["loop"] = LoopVariable(items, i);
            Assign(loop.Target, items[i], inside);
            Run(loop.Body, inside);
        }
        _loopBreaks = null;
        if (items.Count == 0) Run(loop.Otherwise, scope);
    }

    private bool Passes(ForStatement loop, object? item, TemplateScope scope)
    {
        var inside = new TemplateScope(scope);
        Assign(loop.Target, item, inside);
        return TemplateValues.IsTrue(_evaluator.Evaluate(loop.Condition!, inside));
    }

    private static Dictionary<string, object?> LoopVariable(IReadOnlyList<object?> items, int i) => new()
    {
        ["index"] = i + 1L,
        ["index0"] = (long)i,
        ["revindex"] = (long)(items.Count - i),
        ["revindex0"] = items.Count - i - 1L,
        ["first"] = i == 0,
        ["last"] = i == items.Count - 1,
        ["length"] = (long)items.Count,
        ["previtem"] = i > 0 ? items[i - 1] : UndefinedValue.Instance,
        ["nextitem"] = i + 1 < items.Count ? items[i + 1] : UndefinedValue.Instance,
        ["cycle"] = (TemplateFunction)(arguments => arguments.Positional.Count > 0 ? arguments.Positional[i % arguments.Positional.Count]
            : throw new TemplateException("loop.cycle needs values.", arguments.At)),
    };

    private void Assign(Expression target, object? value, TemplateScope scope)
    {
        switch (target)
        {
            case NameExpression name: scope[name.Name] = value; break;
            case MemberExpression member: AssignMember(member, value, scope); break;
            case ListExpression names:
                if (value is not IReadOnlyList<object?> items || items.Count != names.Items.Count)
                    throw new TemplateException($"{TemplateValues.KindOf(value)} does not fit {names.Items.Count} names.", target.At);
                for (var i = 0; i < items.Count; i++) Assign(names.Items[i], items[i], scope);
                break;
        }
    }

    private void AssignMember(MemberExpression member, object? value, TemplateScope scope)
    {
        if (_evaluator.Evaluate(member.Target, scope) is not NamespaceValue target)
            throw new TemplateException("Only members of a namespace() can be set.", member.At);
        target.Members[member.Name] = value;
    }

    private string Capture(IReadOnlyList<Statement> body, TemplateScope scope)
    {
        var output = _output;
        _output = new();
        Run(body, scope);
        (var captured, _output) = (_output.ToString(), output);
        return captured;
    }

    private TemplateFunction Define(MacroStatement macro, TemplateScope scope) => arguments =>
    {
        CountStep(arguments.At);
        var inside = new TemplateScope(scope);
        for (var i = 0; i < macro.Parameters.Count; i++)
        {
            var (name, ifAbsent) = macro.Parameters[i];
            inside[name] = i < arguments.Positional.Count || arguments.Named.ContainsKey(name) ? arguments.Get(i, name, null)
                : ifAbsent is null ? UndefinedValue.Instance : _evaluator.Evaluate(ifAbsent, inside);
        }
        return Capture(macro.Body, inside);
    };
}
