using ML.Pipelines.Text;

namespace ML.Pipelines.Models;

/// <summary>A tokenizer that knows which text each id stands for.</summary>
public interface ISpanTokenizer : ITokenizer
{
    /// <summary>The ids of a text, without special tokens, with their places in it.</summary>
    /// <param name="text">Any text.</param>
    TokenizedText Tokenize(string text);
}

/// <summary>The token ids of a text with the text that each stands for.</summary>
/// <param name="Ids">The ids.</param>
/// <param name="Spans">Parallel to the ids: UTF-16 offsets into the text, as <see cref="TokenScore.Span"/>.</param>
public sealed record TokenizedText(IReadOnlyList<int> Ids, IReadOnlyList<TextSpan> Spans);
