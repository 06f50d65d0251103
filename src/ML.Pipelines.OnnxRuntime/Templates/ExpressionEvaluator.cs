using System.Runtime.CompilerServices;

namespace ML.Pipelines.OnnxRuntime.Templates;

/// <summary>Evaluates expressions.</summary>
/// <param name="countStep">Called with the place of each call, filter and test; throws where a template takes too many.</param>
internal sealed class ExpressionEvaluator(Action<int> countStep)
{
    /// <summary>The value of an expression.</summary>
    /// <exception cref="TemplateException">It has none.</exception>
    public object? Evaluate(Expression expression, TemplateScope scope)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new TemplateException("The template is nested too deeply.", expression.At);
        return expression switch
        {
            LiteralExpression literal => literal.Value,
            NameExpression name => scope[name.Name],
            ListExpression list => list.Items.Select(item => Evaluate(item, scope)).ToList(),
            DictionaryExpression dictionary => EvaluateDictionary(dictionary, scope),
            UnaryExpression unary => TemplateOperators.Unary(unary.Operator, Evaluate(unary.Operand, scope), unary.At),
            BinaryExpression binary => EvaluateBinary(binary, scope),
            ConditionalExpression choice => EvaluateConditional(choice, scope),
            MemberExpression member => TemplateMembers.Member(Defined(member.Target, scope), member.Name),
            IndexExpression index => TemplateMembers.Item(Defined(index.Target, scope), Evaluate(index.Index, scope), index.At),
            SliceExpression slice => EvaluateSlice(slice, scope),
            CallExpression call => EvaluateCall(call, scope),
            FilterExpression filter => EvaluateFilter(filter, scope),
            TestExpression test => EvaluateTest(test, scope),
            _ => throw new InvalidOperationException($"No rule for {expression.GetType().Name}."),
        };
    }

    private object? Defined(Expression expression, TemplateScope scope) =>
        Evaluate(expression, scope) is not UndefinedValue and var value ? value
            : throw new TemplateException($"'{Name(expression)}' is undefined.", expression.At);

    private Dictionary<string, object?> EvaluateDictionary(DictionaryExpression dictionary, TemplateScope scope)
    {
        var result = new Dictionary<string, object?>();
        foreach (var (key, value) in dictionary.Entries)
        {
            var name = Evaluate(key, scope) as string ?? throw new TemplateException("A key must be a string.", key.At);
            result[name] = Evaluate(value, scope);
        }
        return result;
    }

    private object? EvaluateBinary(BinaryExpression binary, TemplateScope scope)
    {
        var left = Evaluate(binary.Left, scope);
        if (binary.Operator is "and" or "or")
            return TemplateValues.IsTrue(left) == (binary.Operator == "or") ? left : Evaluate(binary.Right, scope);
        return TemplateOperators.Binary(binary.Operator, left, Evaluate(binary.Right, scope), binary.At);
    }

    private object? EvaluateConditional(ConditionalExpression choice, TemplateScope scope) =>
        TemplateValues.IsTrue(Evaluate(choice.Condition, scope)) ? Evaluate(choice.Then, scope)
            : choice.Otherwise is null ? UndefinedValue.Instance : Evaluate(choice.Otherwise, scope);

    private List<object?> EvaluateSliceBounds(SliceExpression slice, TemplateScope scope) =>
        [.. ((Expression?[])[slice.Start, slice.Stop, slice.Step]).Select(part => part is null ? null : Evaluate(part, scope))];

    private object? EvaluateSlice(SliceExpression slice, TemplateScope scope)
    {
        var bounds = EvaluateSliceBounds(slice, scope);
        return TemplateMembers.Slice(Defined(slice.Target, scope), bounds[0], bounds[1], bounds[2], slice.At);
    }

    private object? EvaluateCall(CallExpression call, TemplateScope scope)
    {
        var target = Evaluate(call.Target, scope);
        countStep(call.At);
        return target is TemplateFunction function ? function(EvaluateArguments(call.Arguments, [], scope, call.At))
            : throw new TemplateException($"'{Name(call.Target)}' is {TemplateValues.KindOf(target)} and cannot be called.", call.At);
    }

    private object? EvaluateFilter(FilterExpression filter, TemplateScope scope)
    {
        var target = Evaluate(filter.Target, scope);
        countStep(filter.At);
        return TemplateFilters.Apply(filter.Name, EvaluateArguments(filter.Arguments, [target], scope, filter.At));
    }

    private bool EvaluateTest(TestExpression test, TemplateScope scope)
    {
        var target = Evaluate(test.Target, scope);
        countStep(test.At);
        return TemplatePredicates.Test(test.Name, EvaluateArguments(test.Arguments, [target], scope, test.At));
    }

    private TemplateArguments EvaluateArguments(ArgumentExpressions arguments, IEnumerable<object?> first, TemplateScope scope, int at)
    {
        List<object?> positional = [.. first, .. arguments.Positional.Select(argument => Evaluate(argument, scope))];
        var named = new Dictionary<string, object?>();
        foreach (var (name, value) in arguments.Named) named[name] = Evaluate(value, scope);
        return new(positional, named, at);
    }

    private static string Name(Expression expression) => expression switch
    {
        NameExpression name => name.Name,
        MemberExpression member => $"{Name(member.Target)}.{member.Name}",
        IndexExpression { Index: LiteralExpression { Value: string key } } index => $"{Name(index.Target)}.{key}",
        _ => "the value",
    };
}
