using System.Text;
using ML.Pipelines.Models;
using ML.Pipelines.Text;

namespace ML.Pipelines.Compression;

/// <summary>Which words of a chain stay at a rate, and the text that they make.</summary>
/// <remarks>Pure functions. The kept words are a subsequence of the chain's, and protected words always stay.</remarks>
public static class WordSelection
{
    /// <summary>The number of words to keep: the whole number next to (1 - rate) x words (half a word stays), but no protected word
    /// goes.</summary>
    /// <param name="words">The chain's words.</param>
    /// <param name="rate">The share of words to take out, 0 to 1.</param>
    public static int KeptCount(IReadOnlyList<ChainWord> words, double rate)
    {
        ArgumentNullException.ThrowIfNull(words);
        // Decimal: 1 - 0.71 of 50 words is 14.5, and not a little more or less.
        var asked = (int)Math.Round((1 - (decimal)rate) * words.Count, MidpointRounding.AwayFromZero);
        return Math.Max(asked, words.Count(word => word.IsProtected));
    }

    /// <summary>Keeps the protected words and, up to the number asked for, those with the highest value; of equals the earlier.</summary>
    /// <param name="words">The chain's words.</param>
    /// <param name="values">What each word is worth, parallel to the words; those of protected words do not count.</param>
    /// <param name="rate">The share of words to take out, 0 to 1.</param>
    /// <returns>Whether each word stays.</returns>
    public static bool[] Keep(IReadOnlyList<ChainWord> words, IReadOnlyList<double> values, double rate)
    {
        ArgumentNullException.ThrowIfNull(words);
        ArgumentNullException.ThrowIfNull(values);
        var keep = words.Select(word => word.IsProtected).ToArray();
        var open = Enumerable.Range(0, words.Count).Where(i => !keep[i]).OrderByDescending(i => values[i]);
        foreach (var i in open.Take(KeptCount(words, rate) - keep.Count(kept => kept)).ToArray()) keep[i] = true;
        return keep;
    }

    /// <summary>The kept words with white space of the chain between them.</summary>
    /// <remarks>Neighbours keep what stands between them; over dropped words, the gap with the most line breaks stays, of equals the
    /// first. All white space at the ends stays, so that all words kept give the chain itself.</remarks>
    /// <param name="chain">The chain.</param>
    /// <param name="words">Its words.</param>
    /// <param name="keep">Whether each stays.</param>
    public static string Text(string chain, IReadOnlyList<ChainWord> words, IReadOnlyList<bool> keep)
    {
        ArgumentNullException.ThrowIfNull(chain);
        ArgumentNullException.ThrowIfNull(words);
        ArgumentNullException.ThrowIfNull(keep);
        if (words.Count == 0) return chain;
        var text = new StringBuilder(chain, 0, words[0].Span.Start, chain.Length);
        string? gap = null;
        for (var i = 0; i < words.Count; i++)
        {
            if (keep[i])
            {
                text.Append(gap).Append(words[i].Span.In(chain));
                gap = "";
            }
            if (i + 1 < words.Count && gap is not null) gap = Wider(gap, chain[words[i].Span.End..words[i + 1].Span.Start]);
        }
        return text.Append(chain.AsSpan(words[^1].Span.End)).ToString();
    }

    /// <summary>Each word's self-information: the sum of -log p of its tokens, in nats (Selective Context, arXiv
    /// 2310.06201).</summary>
    /// <param name="words">The words.</param>
    /// <param name="tokens">The scores of the chain's tokens, in order. A token counts for the word that its first character other than
    /// white space is in; one of white space alone for none.</param>
    /// <param name="chain">The chain.</param>
    public static double[] SelfInformation(string chain, IReadOnlyList<ChainWord> words, IReadOnlyList<TokenScore> tokens)
    {
        ArgumentNullException.ThrowIfNull(chain);
        ArgumentNullException.ThrowIfNull(words);
        ArgumentNullException.ThrowIfNull(tokens);
        var information = new double[words.Count];
        var word = 0;
        foreach (var token in tokens)
        {
            var start = token.Span.Start;
            while (start < token.Span.End && char.IsWhiteSpace(chain[start])) start++;
            if (start == token.Span.End) continue;
            while (words[word].Span.End <= start) word++;
            information[word] -= token.LogProbability;
        }
        return information;
    }

    private static string Wider(string a, string b) => a.Length == 0 || LineBreaks(b) > LineBreaks(a) ? b : a;

    private static int LineBreaks(string gap) => CharacterRuns.SkipWhiteSpace(gap, 0).LineBreaks;
}
