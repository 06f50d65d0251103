using System.Runtime.CompilerServices;

namespace ML.Pipelines.OnnxRuntime.Templates;

/// <summary>The tokens of a template with a place in them.</summary>
internal sealed class TemplateTokens(IReadOnlyList<TemplateToken> tokens)
{
    private int _next;

    /// <summary>The token at the place.</summary>
    public TemplateToken Current => tokens[_next];

    /// <summary>Whether the current token is an operator or name of this text.</summary>
    public bool Is(string text) => Current.Kind is TemplateTokenKind.Operator or TemplateTokenKind.Name && Current.Text == text;

    /// <summary>Whether the token behind the current one is.</summary>
    public bool NextIs(string text) => _next + 1 < tokens.Count && tokens[_next + 1] is
    { Kind: TemplateTokenKind.Operator or TemplateTokenKind.Name } next && next.Text == text;

    /// <summary>Goes on by one token.</summary>
    public void Move() => _next = Math.Min(_next + 1, tokens.Count - 1);

    /// <summary>Goes on if the current token is an operator or name of this text.</summary>
    public bool Take(string text)
    {
        if (!Is(text)) return false;
        Move();
        return true;
    }

    /// <summary>Goes on behind an operator or name.</summary>
    /// <exception cref="TemplateException">There is another token.</exception>
    public void Expect(string text)
    {
        if (!Take(text)) throw Fault($"'{text}' is missing.");
    }

    /// <summary>Goes on behind a token of a kind.</summary>
    /// <exception cref="TemplateException">There is another token.</exception>
    public void Expect(TemplateTokenKind kind, string text)
    {
        if (Current.Kind != kind) throw Fault($"'{text}' is missing.");
        Move();
    }

    /// <summary>The name at the place; goes on.</summary>
    /// <exception cref="TemplateException">There is another token.</exception>
    public string ExpectName()
    {
        var name = Current;
        Expect(TemplateTokenKind.Name, "a name");
        return name.Text;
    }

    /// <summary>Keeps nesting from using up the stack, which would end the process.</summary>
    /// <exception cref="TemplateException">The template is nested too deeply.</exception>
    public void GuardDepth()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw Fault("The template is nested too deeply.");
    }

    /// <summary>A fault at the place.</summary>
    public TemplateException Fault(string message) => new(message, Current.At);
}
