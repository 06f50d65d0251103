using System.Collections.Frozen;

namespace ML.Pipelines.Text;

/// <summary>The full stops that end a word and not a sentence.</summary>
internal static class Abbreviations
{
    private const int MaxWordLength = 12;

    private static readonly FrozenSet<string> Always = Set(
        "e.g", "i.e", "eg", "ie", "dr", "mr", "mrs", "ms", "prof", "fig", "figs", "eq", "eqs", "eqn", "vs", "approx", "cf", "viz", "thm",
        "prop", "lem", "cor", "resp", "w.r.t", "w.l.o.g", "ca", "st");

    private static readonly FrozenSet<string> BeforeDigit = Set("no", "nos", "sec", "ch", "vol", "pp", "p", "art", "ex", "ref", "def",
        "pt");

    private static readonly FrozenSet<string> UnlessCapitalFollows = Set("etc", "al", "a.m", "p.m", "u.s", "s.t", "jr", "sr", "inc", "est");

    // What a sentence begins with and a family name does not: 'point B. Then' ends a sentence, 'J. Smith' does not.
    private static readonly FrozenSet<string> SentenceOpeners = Set(
        "a", "all", "also", "alternatively", "an", "and", "as", "at", "because", "but", "by", "compute", "consider", "each", "every",
        "find", "first", "for", "from", "given", "hence", "here", "hmm", "how", "however", "i", "if", "in", "is", "it", "its", "let",
        "maybe", "next", "no", "not", "note", "now", "of", "on", "one", "or", "our", "perhaps", "similarly", "since", "so", "suppose",
        "that", "the", "then", "there", "therefore", "these", "they", "this", "thus", "to", "wait", "we", "what", "when", "where",
        "which", "while", "with", "yes", "you");

    /// <summary>Whether the full stop at an offset belongs to an abbreviation or an initial.</summary>
    /// <param name="text">The text.</param>
    /// <param name="stop">The full stop's offset.</param>
    /// <param name="next">The offset of the next character that is not white space.</param>
    public static bool EndsAt(string text, int stop, int next)
    {
        int start = WordStart(text, stop);
        ReadOnlySpan<char> word = text.AsSpan(start, stop - start);
        char following = next < text.Length ? text[next] : '\0';
        if (Contains(Always, word)) return true;
        if (Contains(BeforeDigit, word)) return char.IsAsciiDigit(following);
        if (Contains(UnlessCapitalFollows, word)) return following != '\0' && !char.IsUpper(following);
        return word.Length == 1 && char.IsAsciiLetterUpper(word[0]) && char.IsUpper(following) && IsName(text, next);
    }

    private static int WordStart(string text, int stop)
    {
        int start = stop, earliest = Math.Max(0, stop - MaxWordLength);
        while (start > earliest && (char.IsLetter(text[start - 1]) || (text[start - 1] == '.' && start < stop))) start--;
        return start;
    }

    private static bool IsName(string text, int start)
    {
        int end = start;
        while (end < text.Length && end - start < MaxWordLength && char.IsLetter(text[end])) end++;
        return !Contains(SentenceOpeners, text.AsSpan(start, end - start)) && (end - start > 1 || CharacterRuns.IsAt(text, end, '.'));
    }

    private static bool Contains(FrozenSet<string> words, ReadOnlySpan<char> word) =>
        words.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);

    private static FrozenSet<string> Set(params string[] words) => words.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
