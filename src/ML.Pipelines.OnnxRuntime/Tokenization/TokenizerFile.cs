using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ML.Pipelines.OnnxRuntime.Tokenization;

/// <summary>The parts of a Hugging Face tokenizer.json.</summary>
internal sealed record TokenizerFile(
    BytePairModel Model, string?[] Tokens, IReadOnlyList<AddedToken> AddedTokens, TextNormalizer Normalizer, PreTokenizer PreTokenizer)
{
    /// <summary>Reads the file.</summary>
    /// <exception cref="FormatException">A part is damaged or of a kind that is not supported; the message names it.</exception>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static TokenizerFile Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var vocabulary = ReadVocabulary(root.GetProperty("model"));
        var added = ReadAddedTokens(root);
        var tokens = ListTokens(vocabulary, added);
        var preTokenizer = ReadPreTokenizer(Optional(root, "pre_tokenizer"), last: true, out var isByteLevel);
        Require(isByteLevel && Kind(Optional(root, "decoder")) is "ByteLevel", "pre_tokenizer and decoder",
            "only byte-level BPE is supported");
        return new(ReadModel(root.GetProperty("model"), vocabulary), tokens, added, ReadNormalizer(Optional(root, "normalizer")),
            preTokenizer);
    }

    private static Dictionary<string, int> ReadVocabulary(JsonElement model)
    {
        Require(Kind(model) is "BPE" or null, "model", $"kind '{Kind(model)}' is not supported, only BPE is");
        return model.GetProperty("vocab").EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetInt32());
    }

    private static BytePairModel ReadModel(JsonElement model, Dictionary<string, int> vocabulary)
    {
        Require(!Flag(model, "byte_fallback"), "model", "byte_fallback is not supported");
        Require(Optional(model, "dropout") is not { } dropout || dropout.GetDouble() == 0, "model", "dropout is not supported");
        foreach (var affix in (string[])["continuing_subword_prefix", "end_of_word_suffix"])
            Require(string.IsNullOrEmpty(Optional(model, affix)?.GetString()), "model", $"{affix} is not supported");
        var merges = model.GetProperty("merges").EnumerateArray().Select(ReadMerge).ToList();
        return new(vocabulary, merges, Optional(model, "unk_token")?.GetString(), Flag(model, "ignore_merges"));
    }

    private static (string Left, string Right) ReadMerge(JsonElement merge)
    {
        var parts = merge.ValueKind == JsonValueKind.String ? merge.GetString()!.Split(' ')
            : [.. merge.EnumerateArray().Select(part => part.GetString()!)];
        return parts is [var left, var right] ? (left, right)
            : throw new FormatException($"model: a merge is not a pair of tokens: {merge.GetRawText()}");
    }

    private static List<AddedToken> ReadAddedTokens(JsonElement root) =>
        Optional(root, "added_tokens") is { } added ? [.. added.EnumerateArray().Select(ReadAddedToken)] : [];

    private static AddedToken ReadAddedToken(JsonElement token)
    {
        var content = token.GetProperty("content").GetString()!;
        Require(content.Length > 0, "added_tokens", "a token is empty");
        return new(token.GetProperty("id").GetInt32(), content, Flag(token, "special"), Flag(token, "normalized"),
            Flag(token, "single_word"), Flag(token, "lstrip"), Flag(token, "rstrip"));
    }

    private static string?[] ListTokens(Dictionary<string, int> vocabulary, List<AddedToken> added)
    {
        var entries = vocabulary.Select(entry => (Id: entry.Value, Text: entry.Key))
            .Concat(added.Select(token => (token.Id, Text: token.Content))).Distinct().ToList();
        var tokens = new string?[entries.Count];
        foreach (var (id, text) in entries)
        {
            Require(id >= 0 && id < tokens.Length, "model.vocab",
                $"the ids of its {tokens.Length} tokens are not 0 to {tokens.Length - 1}: '{text}' has {id}");
            Require(tokens[id] is null, "model.vocab", $"'{tokens[id]}' and '{text}' have the same id {id}");
            tokens[id] = text;
        }
        return tokens;
    }

    private static TextNormalizer ReadNormalizer(JsonElement? element) => Kind(element) switch
    {
        null => TextNormalizer.None,
        "NFC" => TextNormalizer.Form(NormalizationForm.FormC),
        "NFD" => TextNormalizer.Form(NormalizationForm.FormD),
        "NFKC" => TextNormalizer.Form(NormalizationForm.FormKC),
        "NFKD" => TextNormalizer.Form(NormalizationForm.FormKD),
        "Lowercase" => TextNormalizer.Lowercase(),
        "Replace" => TextNormalizer.Replace(new Regex(PatternOf(element!.Value), RegexOptions.CultureInvariant),
            element.Value.GetProperty("content").GetString()!),
        "Sequence" => TextNormalizer.Sequence(
            [.. element!.Value.GetProperty("normalizers").EnumerateArray().Select(part => ReadNormalizer(part))]),
        var kind => throw new FormatException($"normalizer: kind '{kind}' is not supported"),
    };

    private static PreTokenizer ReadPreTokenizer(JsonElement? element, bool last, out bool isByteLevel)
    {
        var kind = Kind(element);
        isByteLevel = kind == "ByteLevel";
        // Behind ByteLevel the reference implementation sees byte characters; nothing else here does.
        Require(!isByteLevel || last, "pre_tokenizer", "ByteLevel is supported only as the last one");
        return kind switch
        {
            "ByteLevel" => new ByteLevelPreTokenizer(Flag(element!.Value, "add_prefix_space"),
                Flag(element.Value, "use_regex", ifAbsent: true)),
            "Split" => new SplitPreTokenizer(new CodePointRegex(PatternOf(element!.Value)), BehaviorOf(element.Value),
                Flag(element.Value, "invert")),
            "Digits" => new SplitPreTokenizer(new CodePointRegex(@"\p{N}"), Flag(element!.Value, "individual_digits")
                ? SplitBehavior.Isolated : SplitBehavior.Contiguous, invert: false),
            "Punctuation" => new SplitPreTokenizer(new CodePointRegex(@"[\p{P}$+<=>^`|~]"), BehaviorOf(element!.Value), invert: false),
            "Sequence" => ReadSequence(element!.Value.GetProperty("pretokenizers"), last, out isByteLevel),
            _ => throw new FormatException($"pre_tokenizer: kind '{kind}' is not supported"),
        };
    }

    private static SequencePreTokenizer ReadSequence(JsonElement parts, bool last, out bool isByteLevel)
    {
        var result = new List<PreTokenizer>();
        isByteLevel = false;
        for (var i = 0; i < parts.GetArrayLength(); i++)
            result.Add(ReadPreTokenizer(parts[i], last && i == parts.GetArrayLength() - 1, out isByteLevel));
        return new(result);
    }

    private static string PatternOf(JsonElement element)
    {
        var pattern = element.GetProperty("pattern");
        return Optional(pattern, "Regex")?.GetString() ?? Regex.Escape(pattern.GetProperty("String").GetString()!);
    }

    private static SplitBehavior BehaviorOf(JsonElement element)
    {
        var name = Optional(element, "behavior")?.GetString() ?? nameof(SplitBehavior.Isolated);
        return Enum.TryParse<SplitBehavior>(name, out var behavior) ? behavior
            : throw new FormatException($"pre_tokenizer: behavior '{name}' is not supported");
    }

    private static string? Kind(JsonElement? element) => element is { } present ? Optional(present, "type")?.GetString() : null;

    private static bool Flag(JsonElement element, string name, bool ifAbsent = false) => Optional(element, name)?.GetBoolean() ?? ifAbsent;

    private static JsonElement? Optional(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static void Require(bool condition, string part, string fault)
    {
        if (!condition)
            throw new FormatException($"{part}: {fault}");
    }
}
