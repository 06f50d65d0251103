namespace ML.Pipelines.OnnxRuntime.Templates;

/// <summary>A template that cannot be read, or that fails with its variables.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="at">Where: an index into the template.</param>
internal sealed class TemplateException(string message, int at) : Exception(message)
{
    /// <summary>An index into the template.</summary>
    public int At => at;

    /// <summary>The place for people: "line 3, column 14", both from 1.</summary>
    public string Place(string template)
    {
        var before = template.AsSpan(0, Math.Min(at, template.Length));
        return FormattableString.Invariant($"line {before.Count('\n') + 1}, column {before.Length - before.LastIndexOf('\n')}");
    }
}
