using System.Collections.Concurrent;

namespace ML.Pipelines.OnnxRuntime.Tokenization;

/// <summary>A byte-level BPE vocabulary with its merges, and a bounded cache of words.</summary>
internal sealed class BytePairModel
{
    private const int CachedWords = 1 << 16, LongestCachedWord = 48;
    private readonly Dictionary<string, int> _vocabulary;
    private readonly BytePairMerger _merger = new();
    private readonly int[] _byteIds = new int[256];
    private readonly bool _ignoreMerges;
    private readonly ConcurrentDictionary<string, int[]> _cache = new();
    private readonly ConcurrentDictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> _cached;

    /// <summary>Checks that every byte has an id and every merge has known tokens.</summary>
    /// <exception cref="FormatException">They do not fit.</exception>
    public BytePairModel(Dictionary<string, int> vocabulary, IEnumerable<(string Left, string Right)> merges, string? unknownToken,
        bool ignoreMerges)
    {
        (_vocabulary, _ignoreMerges) = (vocabulary, ignoreMerges);
        _cached = _cache.GetAlternateLookup<ReadOnlySpan<char>>();
        int? unknown = unknownToken is null ? null : IdOf(unknownToken, "the unknown token");
        for (var b = 0; b < 256; b++)
            _byteIds[b] = vocabulary.TryGetValue(ByteAlphabet.Character((byte)b).ToString(), out var id) ? id : unknown
                ?? throw new FormatException(
                    $"the vocabulary has no token for byte 0x{b:X2} and no unknown token; only complete byte-level vocabularies work");
        foreach (var (left, right) in merges)
            _merger.Add(IdOf(left, "a merge"), IdOf(right, "a merge"), IdOf(left + right, "the result of a merge"));
    }

    /// <summary>Appends the ids of one word.</summary>
    public void Encode(ReadOnlySpan<char> word, List<int> ids)
    {
        if (word.Length > LongestCachedWord)
            ids.AddRange(Merge(word));
        else
            ids.AddRange(_cached.TryGetValue(word, out var known) ? known : Remember(word, Merge(word)));
    }

    private int[] Remember(ReadOnlySpan<char> word, int[] ids)
    {
        if (_cache.Count >= CachedWords)
            _cache.Clear();
        return _cached[word] = ids;
    }

    private int[] Merge(ReadOnlySpan<char> word)
    {
        var bytes = ByteAlphabet.Utf8(word);
        if (_ignoreMerges && _vocabulary.TryGetValue(Spell(bytes), out var whole))
            return [whole];
        var ids = Array.ConvertAll(bytes, b => _byteIds[b]);
        return ids[.._merger.Merge(ids)];
    }

    private static string Spell(byte[] bytes) =>
        string.Create(bytes.Length, bytes, (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = ByteAlphabet.Character(source[i]);
        });

    private int IdOf(string token, string role) =>
        _vocabulary.TryGetValue(token, out var id) ? id
            : throw new FormatException($"{role} names '{token}', which is not in the vocabulary");
}
