using ML.Pipelines.Models;

namespace ML.Pipelines.OnnxRuntime.Generation;

/// <summary>
/// The ids of the bundled model's chat template: begin of text, <c>&lt;|user|&gt;</c>, the content, <c>&lt;|assistant|&gt;</c>; then the
/// model replies up to its end-of-text token.
/// </summary>
internal sealed class ChatPrompt
{
    private const string User = "<|user|>";
    private const string Assistant = "<|assistant|>";
    private readonly ITokenizer _tokenizer;
    private readonly int _user;
    private readonly int _assistant;
    private readonly int? _beginOfText;

    /// <exception cref="PipelineException">With <see cref="ErrorCode.Configuration"/>: the tokenizer lacks the marks of the
    /// template.</exception>
    public ChatPrompt(ITokenizer tokenizer, int? beginOfText)
    {
        (_tokenizer, _beginOfText) = (tokenizer, beginOfText);
        (_user, _assistant) = (Mark(User), Mark(Assistant));
    }

    /// <summary>The prompt of a first user turn.</summary>
    /// <param name="content">What the user says; special tokens written in it are ordinary text.</param>
    /// <param name="system">A system message, put before the content with a blank line between; null for none.</param>
    public IReadOnlyList<int> Encode(string content, string? system = null)
    {
        List<int> ids = _beginOfText is { } begin ? [begin, _user] : [_user];
        _tokenizer.Encode(system is null ? content : $"{system}\n\n{content}", ids);
        ids.Add(_assistant);
        return ids;
    }

    private int Mark(string token) => _tokenizer.SpecialTokenId(token) ?? throw new PipelineException(ErrorCode.Configuration,
        $"The tokenizer has no special token {token}: the model does not know the chat template of the bundled model. Choose a model with "
        + "that template.");
}
