using System.Collections.Frozen;
using System.Globalization;
using ML.Pipelines.Text;

namespace ML.Pipelines.Compression;

/// <summary>Divides a chain into words and finds those that must not be dropped. Rules only, English; linear in the text's length but for
/// the answer's occurrences.</summary>
public static class ProtectedWords
{
    private const int LongestFormula = 4000;

    private static readonly FrozenSet<string> NumberWords = Set(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen "
        + "twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million millions billion billions "
        + "dozen half third thirds quarter quarters once twice thrice double triple");

    private static readonly FrozenSet<string> OperatorWords = Set("plus minus times divided multiplied equals percent modulo");

    private static readonly FrozenSet<string> Negations = Set(
        "no not non never neither nor none nothing nobody nowhere cannot without except unless false incorrect wrong");

    /// <summary>The words of a chain, in order, each with its protection.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="answer">The answer, or null; its occurrences are found as <see cref="AnswerOccurrence"/> finds them, and the place
    /// where the chain states an answer as <see cref="AnswerExtractor"/> does.</param>
    /// <param name="given">Spans of the chain that must stay; a word that one touches stays whole.</param>
    public static IReadOnlyList<ChainWord> Of(string chain, string? answer = null, IReadOnlyList<TextSpan>? given = null)
    {
        ArgumentNullException.ThrowIfNull(chain);
        var spans = Split(chain);
        var reasons = new WordProtection[spans.Count];
        Mark(spans, reasons, given ?? [], WordProtection.Given);
        Mark(spans, reasons, AnswerSpans(chain, answer), WordProtection.Answer);
        Mark(spans, reasons, Formulas(chain), WordProtection.Formula);
        return [.. spans.Select((span, i) => new ChainWord(span, reasons[i] == 0 ? OwnReason(span.In(chain)) : reasons[i]))];
    }

    /// <summary>All places where one of some phrases stands, compared character by character.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="phrases">The phrases; empty ones are nowhere.</param>
    public static IReadOnlyList<TextSpan> Occurrences(string chain, IEnumerable<string> phrases)
    {
        ArgumentNullException.ThrowIfNull(chain);
        ArgumentNullException.ThrowIfNull(phrases);
        var spans = new List<TextSpan>();
        foreach (var phrase in phrases.Where(phrase => phrase.Length > 0))
            for (var at = Find(phrase, 0); at >= 0; at = Find(phrase, at + 1)) spans.Add(new(at, at + phrase.Length));
        return spans;

        int Find(string phrase, int start) => chain.IndexOf(phrase, start, StringComparison.Ordinal);
    }

    private static List<TextSpan> Split(string text)
    {
        var words = new List<TextSpan>();
        for (var at = CharacterRuns.SkipWhiteSpace(text, 0).End; at < text.Length; at = CharacterRuns.SkipWhiteSpace(text, at).End)
        {
            var start = at;
            while (at < text.Length && !char.IsWhiteSpace(text[at])) at++;
            words.Add(new(start, at));
        }
        return words;
    }

    private static void Mark(List<TextSpan> words, WordProtection[] reasons, IEnumerable<TextSpan> spans, WordProtection reason)
    {
        foreach (var span in spans)
        {
            var first = words.BinarySearch(new(span.Start, span.Start), ByEnd);
            for (var i = first < 0 ? ~first : first + 1; i < words.Count && words[i].Start < span.End; i++)
                if (reasons[i] == WordProtection.None) reasons[i] = reason;
        }
    }

    private static Comparer<TextSpan> ByEnd { get; } = Comparer<TextSpan>.Create((a, b) => a.End.CompareTo(b.End));

    private static IEnumerable<TextSpan> AnswerSpans(string chain, string? answer)
    {
        var spans = answer is null ? [] : AnswerOccurrence.AllIn(chain, answer);
        return AnswerExtractor.TryExtract(chain, out var stated) ? spans.Append(stated) : spans;
    }

    private static IEnumerable<TextSpan> Formulas(string chain) => ProtectedRegions.Find(chain, LongestFormula)
        .Select(region => new TextSpan(region.Start, region.End)).Concat(Commands(chain));

    // \frac{a b}{c d} outside of dollars: the command, and the groups that follow it at once.
    private static IEnumerable<TextSpan> Commands(string chain)
    {
        for (var at = chain.IndexOf('\\'); at >= 0; at = at < chain.Length ? chain.IndexOf('\\', at) : -1)
        {
            var start = at++;
            while (at < chain.Length && char.IsAsciiLetter(chain[at])) at++;
            while (CharacterRuns.IsAt(chain, at, '{') && ClosingBrace(chain, at) is var close and > 0) at = close + 1;
            yield return new(start, at);
        }
    }

    private static int ClosingBrace(string chain, int open)
    {
        var depth = 0;
        for (var at = open; at < Math.Min(chain.Length, open + LongestFormula); at++)
        {
            if (chain[at] == '{') depth++;
            else if (chain[at] == '}' && --depth == 0) return at;
        }
        return -1;
    }

    private static WordProtection OwnReason(ReadOnlySpan<char> word)
    {
        var bare = Bare(word).ToString().Replace('’', '\'').ToLowerInvariant();
        var parts = bare.Split('-', '/');
        if (HasNumber(word) || parts.Any(NumberWords.Contains)) return WordProtection.Number;
        if (bare.Length == 0 || HasOperator(word) || parts.Any(OperatorWords.Contains)) return WordProtection.Operator;
        var negates = bare.EndsWith("n't", StringComparison.Ordinal) || parts.Any(Negations.Contains);
        return negates ? WordProtection.Negation : WordProtection.None;
    }

    private static ReadOnlySpan<char> Bare(ReadOnlySpan<char> word)
    {
        var (start, end) = (0, word.Length);
        while (start < end && !char.IsLetter(word[start]) && !char.IsSurrogate(word[start])) start++;
        while (end > start && !char.IsLetter(word[end - 1]) && !char.IsSurrogate(word[end - 1])) end--;
        return word[start..end];
    }

    private static bool HasNumber(ReadOnlySpan<char> word)
    {
        foreach (var character in word)
            if (char.IsNumber(character)) return true;
        return false;
    }

    private static bool HasOperator(ReadOnlySpan<char> word)
    {
        for (var at = 0; at < word.Length; at++)
            if (char.GetUnicodeCategory(word[at]) == UnicodeCategory.MathSymbol || word[at] is '^' or '%' or '→' or '⇒' or '·'
                || (word[at] is '-' or '/' or '*' or '!' && IsBetweenVariables(word, at))) return true;
        return false;
    }

    // x-y and n! are formulas; well-known, and/or and **Step** are not.
    private static bool IsBetweenVariables(ReadOnlySpan<char> word, int at) =>
        at > 0 && IsVariable(word, at - 1) && (at + 1 < word.Length ? IsVariable(word, at + 1) : word[at] == '!');

    private static bool IsVariable(ReadOnlySpan<char> word, int at) => word[at] is '(' or ')'
        || (char.IsLetter(word[at]) && !(at > 0 && char.IsLetter(word[at - 1])) && !(at + 1 < word.Length && char.IsLetter(word[at + 1])));

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
