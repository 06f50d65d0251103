namespace ML.Pipelines.OnnxRuntime.Templates;

/// <summary>A Jinja chat template as Hugging Face's tokenizers have it: messages in, the prompt's text out.</summary>
/// <remarks>
/// The subset of Jinja that published chat templates use, with transformers' settings and functions: if, for (with if, else, loop, break,
/// continue), set, macro, generation; filters and tests see <see cref="TemplateFilters"/> and <see cref="TemplatePredicates"/>. Sandboxed:
/// see <see cref="TemplateInterpreter"/>. Immutable, and safe for concurrent calls.
/// </remarks>
internal sealed class ChatTemplate
{
    private readonly string _source;
    private readonly string _name;
    private readonly IReadOnlyList<Statement> _statements;

    private ChatTemplate(string source, string name, IReadOnlyList<Statement> statements) =>
        (_source, _name, _statements) = (source, name, statements);

    /// <summary>Reads a template.</summary>
    /// <param name="source">Its text.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <exception cref="PipelineException">With <see cref="ErrorCode.ChatTemplate"/>: it is not a template, or uses what is not supported;
    /// the message names line and column.</exception>
    public static ChatTemplate Parse(string source, string name)
    {
        source = source.ReplaceLineEndings("\n");
        try
        {
            return new(source, name, TemplateParser.Parse(source));
        }
        catch (TemplateException fault)
        {
            throw Explain(fault, source, name);
        }
    }

    /// <summary>The text that the template makes of variables.</summary>
    /// <exception cref="PipelineException">With <see cref="ErrorCode.ChatTemplate"/>: it fails with them or raises an exception itself, for
    /// example because it knows no system role.</exception>
    public string Render(IEnumerable<KeyValuePair<string, object?>> variables)
    {
        try
        {
            return TemplateInterpreter.Render(_statements, variables);
        }
        catch (TemplateException fault)
        {
            throw Explain(fault, _source, _name);
        }
    }

    private static PipelineException Explain(TemplateException fault, string source, string name) => new(ErrorCode.ChatTemplate,
        $"{name}, {fault.Place(source)}: {fault.Message} Change the messages, or give another template.", fault);
}
