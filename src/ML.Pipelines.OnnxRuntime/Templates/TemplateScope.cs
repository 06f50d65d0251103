namespace ML.Pipelines.OnnxRuntime.Templates;

/// <summary>Variables, over those of the scope around: writing stays in the inner one, as Jinja has it.</summary>
internal sealed class TemplateScope(TemplateScope? around)
{
    private readonly Dictionary<string, object?> _variables = [];

    /// <summary>A variable's value; undefined where no scope has it.</summary>
    public object? this[string name]
    {
        get
        {
            for (var scope = this; scope is not null; scope = scope.Around)
                if (scope._variables.TryGetValue(name, out var value)) return value;
            return UndefinedValue.Instance;
        }
        set => _variables[name] = value;
    }

    private TemplateScope? Around => around;
}
