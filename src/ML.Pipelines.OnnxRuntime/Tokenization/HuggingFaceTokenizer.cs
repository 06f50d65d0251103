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
public sealed class HuggingFaceTokenizer : ITokenizer
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

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<char> text, List<int> ids, bool parseSpecialTokens = false)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var (raw, normalized) = parseSpecialTokens ? (_rawTokens, _normalizedTokens) : (_rawTokensOfData, _normalizedTokensOfData);
        foreach (var (piece, token) in raw.Split(WellFormed(text).AsMemory()))
        {
            if (token is null)
                EncodeNormalized(_file.Normalizer.Apply(piece.ToString()), ids, normalized);
            else
                ids.Add(token.Id);
        }
    }

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

    private void EncodeNormalized(string text, List<int> ids, AddedTokenFinder tokens)
    {
        foreach (var (piece, token) in tokens.Split(text.AsMemory()))
        {
            if (token is null)
                EncodePlain(piece, ids);
            else
                ids.Add(token.Id);
        }
    }

    private void EncodePlain(ReadOnlyMemory<char> text, List<int> ids)
    {
        if (text.IsEmpty)
            return;
        foreach (var word in _file.PreTokenizer.Split([text]))
            _file.Model.Encode(word.Span, ids);
    }
}
