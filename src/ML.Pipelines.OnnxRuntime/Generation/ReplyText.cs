using System.Text;
using ML.Pipelines.OnnxRuntime.Tokenization;

namespace ML.Pipelines.OnnxRuntime.Generation;

/// <summary>The text of a reply while its tokens come: whole characters only, cut before the first stop string.</summary>
/// <param name="tokenizer">Knows the tokens; special ones have no text.</param>
/// <param name="stops">Texts that end the reply; none is empty.</param>
internal sealed class ReplyText(HuggingFaceTokenizer tokenizer, IReadOnlyList<string> stops)
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _text = new();
    private readonly int _longest = stops.Select(stop => stop.Length).DefaultIfEmpty(0).Max();
    private int _taken;
    private bool _isStopped;

    /// <summary>Takes the next token.</summary>
    /// <returns>Whether a stop string is complete.</returns>
    public bool Append(int token)
    {
        var known = _text.Length;
        Decode(tokenizer.TextBytes(token), isEnd: false);
        return _text.Length > known && Stops(known);
    }

    /// <summary>The text that was not taken yet and cannot become part of a stop string any more.</summary>
    public string TakeNew() => TakeTo(_text.Length - HeldBack());

    /// <summary>What was not taken of the whole reply.</summary>
    public string TakeRest()
    {
        if (!_isStopped) Decode([], isEnd: true);
        return TakeTo(_text.Length);
    }

    private void Decode(ReadOnlySpan<byte> bytes, bool isEnd)
    {
        Span<char> characters = stackalloc char[256];
        bool completed;
        do
        {
            _decoder.Convert(bytes, characters, isEnd, out var read, out var written, out completed);
            _text.Append(characters[..written]);
            bytes = bytes[read..];
        }
        while (!completed);
    }

    // A stop string can begin in text that was there, but not end in it.
    private bool Stops(int known)
    {
        var from = Math.Max(0, known - _longest + 1);
        var tail = _text.ToString(from, _text.Length - from);
        var found = stops.Select(stop => tail.IndexOf(stop, StringComparison.Ordinal)).Where(at => at >= 0).DefaultIfEmpty(-1).Min();
        if (found < 0) return false;
        _text.Length = from + found;
        return _isStopped = true;
    }

    private int HeldBack()
    {
        if (_isStopped || _longest == 0) return 0;
        var tail = _text.ToString(Math.Max(0, _text.Length - _longest + 1), Math.Min(_text.Length, _longest - 1));
        for (var at = 0; at < tail.Length; at++)
            if (stops.Any(stop => stop.AsSpan().StartsWith(tail.AsSpan(at), StringComparison.Ordinal))) return tail.Length - at;
        return 0;
    }

    private string TakeTo(int end)
    {
        var text = _text.ToString(_taken, end - _taken);
        _taken = end;
        return text;
    }
}
