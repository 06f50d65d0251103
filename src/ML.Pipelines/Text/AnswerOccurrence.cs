using System.Buffers;

namespace ML.Pipelines.Text;

/// <summary>Finds an answer in a chain of thought as a whole number or word.</summary>
public static class AnswerOccurrence
{
    private static readonly SearchValues<char> DigitsAndCommas = SearchValues.Create("0123456789,");

    /// <summary>The UTF-16 offset where the answer first stands, or -1.</summary>
    /// <remarks>
    /// 25 is found in "25.", "$25$", "{25}" and "xy=25", but not in 125, 2.5, 25.3, 25,000, 25/3, -25 (though in 40-25) or 25th. A number
    /// is also found without its leading zeros and thousands separators (025, 1,000). Letters compare case-sensitively.
    /// </remarks>
    /// <param name="reasoning">The chain of thought.</param>
    /// <param name="answer">The answer; white space around it is ignored, an empty one is nowhere.</param>
    public static int FirstIn(string reasoning, string answer)
    {
        ArgumentNullException.ThrowIfNull(reasoning);
        ArgumentNullException.ThrowIfNull(answer);
        int first = -1;
        foreach (string form in Forms(answer.Trim()))
        {
            int found = FirstFormIn(reasoning, form);
            if (found >= 0 && (first < 0 || found < first)) first = found;
        }
        return first;
    }

    /// <summary>All places where the answer stands, in the order of their offsets; as <see cref="FirstIn"/> finds the first.</summary>
    /// <param name="reasoning">The chain of thought.</param>
    /// <param name="answer">The answer; white space around it is ignored, an empty one is nowhere.</param>
    internal static IReadOnlyList<TextSpan> AllIn(string reasoning, string answer) =>
        [.. Forms(answer.Trim()).SelectMany(form => AllFormsIn(reasoning, form)).Distinct().OrderBy(span => span.Start)];

    private static IEnumerable<string> Forms(string answer)
    {
        if (answer.Length == 0) yield break;
        yield return answer;
        if (!answer.AsSpan().ContainsAnyExcept(DigitsAndCommas) && char.IsAsciiDigit(answer[0]))
        {
            string plain = answer.Replace(",", "", StringComparison.Ordinal).TrimStart('0');
            if (plain.Length > 0 && plain != answer) yield return plain;
        }
    }

    private static int FirstFormIn(string text, string form) =>
        AllFormsIn(text, form).Select(span => span.Start).DefaultIfEmpty(-1).First();

    private static IEnumerable<TextSpan> AllFormsIn(string text, string form)
    {
        for (int at = Find(text, form, 0); at >= 0; at = Find(text, form, NextStart(text, at)))
            if (StartsWhole(text, at, form) && EndsWhole(text, at + form.Length, form)) yield return new TextSpan(at, at + form.Length);
    }

    private static int Find(string text, string form, int start) =>
        start >= text.Length ? -1 : text.IndexOf(form, start, StringComparison.Ordinal);

    // Inside a run of letters and digits no other match starts a word.
    private static int NextStart(string text, int at)
    {
        int next = at + 1;
        while (next < text.Length && char.IsLetterOrDigit(text[next - 1]) && char.IsLetterOrDigit(text[next])) next++;
        return next;
    }

    private static bool StartsWhole(string text, int at, string form)
    {
        if (form[0] is '-' or '−') return IsSign(text, at);
        if (at == 0 || !char.IsLetterOrDigit(form[0])) return true;
        char before = text[at - 1];
        if (char.IsLetterOrDigit(before)) return false;
        if (!char.IsAsciiDigit(form[0])) return before != '\\';
        if (before == ',') return !(IsDigitAt(text, at - 2) && IsThousandsGroup(text, at));
        return !(before is '.' or '/' && IsDigitAt(text, at - 2)) && !IsSign(text, at - 1);
    }

    private static bool IsSign(string text, int at)
    {
        if (text[at] is not ('-' or '−')) return false;
        int before = at - 1;
        while (before >= 0 && text[before] == ' ') before--;
        return before < 0 || !(char.IsLetterOrDigit(text[before]) || text[before] is ')' or ']' or '}' or '|' or '!');
    }

    private static bool EndsWhole(string text, int end, string form)
    {
        if (end >= text.Length || !char.IsLetterOrDigit(form[^1])) return true;
        if (char.IsLetterOrDigit(text[end])) return false;
        if (!char.IsAsciiDigit(form[^1])) return true;
        if (text[end] == ',') return !IsThousandsGroup(text, end + 1);
        return !(text[end] is '.' or '/' && IsDigitAt(text, end + 1));
    }

    private static bool IsThousandsGroup(string text, int start) =>
        IsDigitAt(text, start) && IsDigitAt(text, start + 1) && IsDigitAt(text, start + 2) && !IsDigitAt(text, start + 3);

    private static bool IsDigitAt(string text, int at) => (uint)at < (uint)text.Length && char.IsAsciiDigit(text[at]);
}
