using System.Text;
using System.Text.Json;
using ML.Pipelines.Models;

namespace ML.Pipelines.OnnxRuntime.Tokenization;

/// <summary>A byte-level BPE tokenizer read from Hugging Face's <c>tokenizer.json</c>.</summary>
/// <remarks>
/// Supported: model BPE (complete byte-level vocabularies, <c>ignore_merges</c>); pre-tokenizers ByteLevel, Split, Digits, Punctuation and
/// sequences of them with ByteLevel last; normalizers NFC, NFD, NFKC, NFKD, Lowercase, Replace and sequences; decoder ByteLevel. The
/// post-processor is not used: a scorer adds its model's begin-of-text token. White space and digits of patterns are Unicode's, as in the
/// Rust library. Immutable, and safe for concurrent calls.
/// </remarks>
public sealed class HuggingFaceTokenizer : ISpanTokenizer
{
    private readonly TokenizerFile _file;
    private readonly AddedTokenFinder _rawTokens;
    private readonly AddedTokenFinder _rawTokensOfData;
    private readonly AddedTokenFinder _normalizedTokens;
    private readonly AddedTokenFinder _normalizedTokensOfData;
    private readonly Dictionary<string, int> _specialIds;
    private readonly byte[][] _bytes;
    private readonly bool[] _special;

    private HuggingFaceTokenizer(TokenizerFile file)
    {
        _file = file;
        _rawTokens = new(file.AddedTokens.Where(token => !token.Normalized));
        _rawTokensOfData = new(file.AddedTokens.Where(token => !token.Normalized && !token.Special));
        _normalizedTokens = new(Normalized(file).Where(token => token.Normalized));
        _normalizedTokensOfData = new(Normalized(file).Where(token => token.Normalized && !token.Special));
        _specialIds = file.AddedTokens.Where(token => token.Special).ToDictionary(token => token.Content, token => token.Id);
        _special = new bool[file.Tokens.Length];
        _bytes = Array.ConvertAll(file.Tokens, token => ByteAlphabet.ToBytes(token!) ?? ByteAlphabet.Utf8(token));
        foreach (var token in file.AddedTokens)
            (_bytes[token.Id], _special[token.Id]) = (ByteAlphabet.Utf8(token.Content), token.Special);
    }

    /// <inheritdoc/>
    public int VocabularySize => _bytes.Length;

    /// <summary>Reads a tokenizer file.</summary>
    /// <exception cref="PipelineException">With <see cref="ErrorCode.DamagedTokenizer"/>: the file cannot be read, is damaged, or uses a
    /// kind that is not supported; the message names the file and the part.</exception>
    public static HuggingFaceTokenizer FromFile(string path)
    {
        try
        {
            return FromJson(File.ReadAllBytes(path), path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new PipelineException(ErrorCode.DamagedTokenizer, $"The tokenizer file {path} cannot be read: {fault.Message}", fault);
        }
    }

    /// <summary>Reads the content of a tokenizer file.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="name">What to call the file in messages.</param>
    /// <exception cref="PipelineException">With <see cref="ErrorCode.DamagedTokenizer"/>: the content is damaged or uses a kind that is not
    /// supported.</exception>
    public static HuggingFaceTokenizer FromJson(ReadOnlyMemory<byte> json, string name)
    {
        try
        {
            return new(TokenizerFile.Read(json));
        }
        catch (Exception fault) when (
            fault is JsonException or FormatException or ArgumentException or InvalidOperationException or KeyNotFoundException)
        {
            throw new PipelineException(ErrorCode.DamagedTokenizer,
                $"The tokenizer file {name} cannot be used: {fault.Message}. "
                + "Take the tokenizer.json of a model with byte-level BPE, as its authors publish it.", fault);
        }
    }

    /// <summary>Reads the tokenizer of a model.</summary>
    /// <exception cref="PipelineException">With <see cref="ErrorCode.DamagedTokenizer"/>: it has none, or as
    /// <see cref="FromJson"/>.</exception>
    internal static HuggingFaceTokenizer FromModel(OnnxModel model)
    {
        const string File = "tokenizer.json";
        var json = model.Read(File) ?? throw new PipelineException(ErrorCode.DamagedTokenizer, $"{model.Describe(File)} is missing.");
        return FromJson(json, model.Describe(File));
    }

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<char> text, List<int> ids, bool parseSpecialTokens = false)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var (raw, normalized) = parseSpecialTokens ? (_rawTokens, _normalizedTokens) : (_rawTokensOfData, _normalizedTokensOfData);
        Encode(WellFormed(text), ids, raw, normalized, mask: null);
    }

    /// <inheritdoc/>
    public TokenizedText Tokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TokenSpans.Of(this, text);
    }

    /// <summary>A text in which <see cref="EncodeMasked"/> finds no special token, and which it encodes as the text.</summary>
    /// <param name="text">Data that goes into a template.</param>
    /// <param name="mask">A character that is nowhere in the data and the template; it goes into each special token.</param>
    internal string MaskSpecialTokens(string text, char mask)
    {
        foreach (var token in _specialIds.Keys)
            text = text.Replace(token, $"{token[0]}{mask}{token[1..]}", StringComparison.Ordinal);
        return text;
    }

    /// <summary>Appends the ids of a text with special tokens, but for those that are masked.</summary>
    internal void EncodeMasked(string text, char mask, List<int> ids) =>
        Encode(WellFormed(text), ids, _rawTokens, _normalizedTokens, mask);

    /// <summary>The UTF-8 bytes of a token, which may end within a character; none of a special token or an id without one.</summary>
    internal ReadOnlySpan<byte> TextBytes(int id) => id < 0 || id >= _bytes.Length || _special[id] ? [] : _bytes[id];

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = false)
    {
        var bytes = new List<byte>(ids.Length * 4);
        foreach (var id in ids)
        {
            if (id < 0 || id >= _bytes.Length)
                throw new PipelineException(ErrorCode.TokenOutOfRange, $"Token id {id} is not in 0 to {_bytes.Length - 1}.");
            if (!skipSpecialTokens || !_special[id])
                bytes.AddRange(_bytes[id]);
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }

    /// <inheritdoc/>
    public int? SpecialTokenId(string token) => _specialIds.TryGetValue(token, out var id) ? id : null;

    /// <summary>The bytes that a token stands for.</summary>
    internal ReadOnlySpan<byte> BytesOf(int id) => _bytes[id];

    private static IEnumerable<AddedToken> Normalized(TokenizerFile file) =>
        file.AddedTokens.Select(token => token.Normalized ? token with { Content = file.Normalizer.Apply(token.Content) } : token);

    private static string WellFormed(ReadOnlySpan<char> text) =>
        text.IndexOfAnyInRange('\uD800', '\uDFFF') < 0 ? text.ToString() : Encoding.UTF8.GetString(ByteAlphabet.Utf8(text));

    private void Encode(string text, List<int> ids, AddedTokenFinder raw, AddedTokenFinder normalized, char? mask)
    {
        foreach (var (piece, token) in raw.Split(text.AsMemory()))
        {
            if (token is null)
                EncodeNormalized(_file.Normalizer.Apply(piece.ToString()), ids, normalized, mask);
            else
                ids.Add(token.Id);
        }
    }

    private void EncodeNormalized(string text, List<int> ids, AddedTokenFinder tokens, char? mask)
    {
        foreach (var (piece, token) in tokens.Split(text.AsMemory()))
        {
            if (token is null)
                EncodePlain(mask is { } character ? Without(piece, character) : piece, ids);
            else
                ids.Add(token.Id);
        }
    }

    private static ReadOnlyMemory<char> Without(ReadOnlyMemory<char> text, char character) =>
        text.Span.Contains(character) ? text.ToString().Replace($"{character}", "", StringComparison.Ordinal).AsMemory() : text;

    private void EncodePlain(ReadOnlyMemory<char> text, List<int> ids)
    {
        if (text.IsEmpty)
            return;
        foreach (var word in _file.PreTokenizer.Split([text]))
            _file.Model.Encode(word.Span, ids);
    }
}
