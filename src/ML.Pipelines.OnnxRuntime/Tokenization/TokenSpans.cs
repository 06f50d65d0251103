using System.Text;
using ML.Pipelines.Models;
using ML.Pipelines.Text;

namespace ML.Pipelines.OnnxRuntime.Tokenization;

/// <summary>Finds the text that each token of a text stands for.</summary>
internal static class TokenSpans
{
    /// <summary>Encodes a text. A tokenizer that rewrites it is given word by word, and the tokens have their word's span.</summary>
    public static TokenizedText Of(HuggingFaceTokenizer tokenizer, string text)
    {
        var ids = new List<int>();
        tokenizer.Encode(text, ids);
        return Aligned(tokenizer, text, ids) is { } spans ? new TokenizedText(ids, spans) : ByWord(tokenizer, text);
    }

    // Byte-level tokens spell the text's UTF-8 bytes, unless a normalizer came before.
    private static TextSpan[]? Aligned(HuggingFaceTokenizer tokenizer, string text, List<int> ids)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var characters = CharacterOfByte(text, bytes.Length);
        var spans = new TextSpan[ids.Count];
        var at = 0;
        for (var i = 0; i < ids.Count; i++)
        {
            var token = tokenizer.BytesOf(ids[i]);
            if (token.IsEmpty || !bytes.AsSpan(at).StartsWith(token)) return null;
            spans[i] = new(characters[at].Start, characters[at + token.Length - 1].End);
            at += token.Length;
        }
        return at == bytes.Length ? spans : null;
    }

    private static TextSpan[] CharacterOfByte(string text, int bytes)
    {
        var characters = new TextSpan[bytes];
        var (at, offset) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            var span = new TextSpan(offset, offset + rune.Utf16SequenceLength);
            characters.AsSpan(at, rune.Utf8SequenceLength).Fill(span);
            (at, offset) = (at + rune.Utf8SequenceLength, span.End);
        }
        return characters;
    }

    private static TokenizedText ByWord(HuggingFaceTokenizer tokenizer, string text)
    {
        var ids = new List<int>();
        var spans = new List<TextSpan>();
        foreach (var word in Words(text))
        {
            tokenizer.Encode(word.In(text), ids);
            while (spans.Count < ids.Count) spans.Add(word);
        }
        return new(ids, spans);
    }

    // White space belongs to the word behind it, that at the end to the last.
    private static IEnumerable<TextSpan> Words(string text)
    {
        var (start, end) = (0, text.AsSpan().TrimEnd().Length);
        for (var at = 1; at < end; at++)
        {
            if (!char.IsWhiteSpace(text[at]) || char.IsWhiteSpace(text[at - 1])) continue;
            yield return new(start, at);
            start = at;
        }
        if (start < text.Length) yield return new(start, text.Length);
    }
}
