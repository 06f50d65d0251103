using System.Text.RegularExpressions;

namespace ML.Pipelines.Text;

/// <summary>Finds the final answer that a reasoning trace or solution states.</summary>
/// <remarks>
/// <para>Tried in this order, each first after the last <c>&lt;/think&gt;</c> and then in the whole text, the last one that is not
/// empty:</para>
/// <list type="number">
/// <item>a balanced <c>\boxed{…}</c> or <c>\fbox{…}</c>, or <c>\boxed 5</c> without braces (MATH's form);</item>
/// <item>a line <c>#### 42</c> (GSM8K's form; a heading of level four with words is none);</item>
/// <item>a phrase: "the final answer is …", "the answer is: …", "Answer: …", to the end of its sentence or line.</item>
/// </list>
/// <para>Linear in the text's length; thread-safe; throws for null only.</para>
/// </remarks>
public static partial class AnswerExtractor
{
    private const string EndOfThinking = "</think>";

    /// <summary>The answer without dollar signs, bold marks and trailing full stop; null where the text states none.</summary>
    /// <param name="text">A trace, a solution, or both.</param>
    public static string? Extract(string text) => TryExtract(text, out TextSpan answer) ? answer.In(text).ToString() : null;

    /// <summary>Finds where the answer stands.</summary>
    /// <param name="text">A trace, a solution, or both.</param>
    /// <param name="answer">The range of what <see cref="Extract"/> returns; the inside of the box, where there is one.</param>
    /// <returns>Whether the text states an answer.</returns>
    public static bool TryExtract(string text, out TextSpan answer)
    {
        ArgumentNullException.ThrowIfNull(text);
        int think = text.LastIndexOf(EndOfThinking, StringComparison.Ordinal);
        int solution = think < 0 ? 0 : think + EndOfThinking.Length;
        TextSpan? found = BoxedAnswer.LastIn(text, solution) ?? BoxedAnswer.LastIn(text, 0)
            ?? Last(HashLine(), text, solution) ?? Last(HashLine(), text, 0)
            ?? Last(Phrase(), text, solution) ?? Last(Phrase(), text, 0);
        answer = found ?? default;
        return found is not null;
    }

    /// <summary>Whether a text holds a <c>\boxed</c> or <c>\fbox</c>, closed or not.</summary>
    /// <param name="text">A step, say.</param>
    public static bool ContainsBoxed(ReadOnlySpan<char> text) => BoxedAnswer.IsIn(text);

    private static TextSpan? Last(Regex pattern, string text, int start)
    {
        TextSpan? last = null;
        for (Match match = pattern.Match(text, start); match.Success; match = match.NextMatch())
        {
            Group value = match.Groups["value"];
            TextSpan trimmed = AnswerTrimming.Trim(text, SentenceOf(text, value.Index, value.Index + value.Length));
            if (trimmed.Length > 0) last = trimmed;
        }
        return last;
    }

    private static TextSpan SentenceOf(string text, int start, int end)
    {
        Sentence first = SentenceScanner.Scan(text[start..end], Math.Max(1, end - start)) is [var sentence, ..] ? sentence : default;
        return new TextSpan(start, start + first.End);
    }

    [GeneratedRegex(
        @"^[ \t]*####[ \t]*(?<value>\\?[-+$£€−]{0,2}[ \t]?\d[\d.,/]*[ \t]?\\?%?)\.?[ \t\r]*$",
        RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex HashLine();

    // Quantifiers are bounded, so that a long run of spaces or marks is read once.
    [GeneratedRegex(
        @"(?:\b(?:final answer|(?:the|my|our|correct) answer)|(?:^|\n)[*_ ]{0,4}answer(?=[*_ ]{0,4}:))[*_ \t]{0,4}"
        + @"(?:is\b(?: (?:therefore|thus|then|indeed|just|simply)\b)?[*_ \t]{0,4}:?|=|:)[*_]{0,2}\s{0,4}(?<value>[^\n]{1,400})",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Phrase();
}
