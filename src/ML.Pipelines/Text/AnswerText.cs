using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;

namespace ML.Pipelines.Text;

/// <summary>Brings the ways to write an answer (LaTeX, Unicode, plain) to one.</summary>
internal static partial class AnswerText
{
    private static readonly FrozenSet<string> TextCommands = new[]
    {
        "text", "textbf", "textit", "textrm", "texttt", "mathrm", "mathbf", "mathit", "mathsf", "mathcal", "mbox", "operatorname", "bm",
        "boldsymbol",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> Commands = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["left"] = "",
        ["right"] = "",
        ["big"] = "",
        ["Big"] = "",
        ["bigl"] = "",
        ["bigr"] = "",
        ["Bigl"] = "",
        ["Bigr"] = "",
        ["displaystyle"] = "",
        ["dfrac"] = @"\frac",
        ["tfrac"] = @"\frac",
        ["cfrac"] = @"\frac",
        ["cdot"] = "*",
        ["times"] = "*",
        ["div"] = "/",
        ["lbrace"] = @"\{",
        ["rbrace"] = @"\}",
        ["quad"] = " ",
        ["qquad"] = " ",
        ["le"] = @"\leq ",
        ["ge"] = @"\geq ",
        ["ne"] = @"\neq ",
        ["circ"] = @"\degree ",
        ["degree"] = @"\degree ",
        ["pounds"] = "£",
        ["euro"] = "€",
        ["%"] = "%",
        ["$"] = "$",
        [","] = "",
        ["!"] = "",
        [";"] = " ",
        [":"] = " ",
        [" "] = " ",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<char, string> Characters = new Dictionary<char, string>
    {
        ['−'] = "-",
        ['–'] = "-",
        ['×'] = "*",
        ['·'] = "*",
        ['⋅'] = "*",
        ['÷'] = "/",
        ['π'] = @"\pi ",
        ['√'] = @"\sqrt ",
        ['∞'] = @"\infty ",
        ['°'] = @"\degree ",
        ['∪'] = @"\cup ",
        ['≤'] = @"\leq ",
        ['≥'] = @"\geq ",
        ['²'] = "^2",
        ['³'] = "^3",
        ['½'] = " 1/2",
        ['¼'] = " 1/4",
        ['¾'] = " 3/4",
        ['％'] = "%",
        ['，'] = ",",
        ['（'] = "(",
        ['）'] = ")",
        ['~'] = " ",
        ['’'] = "'",
    }.ToFrozenDictionary();

    /// <summary>The answer without marks around it, with one spelling for each symbol and single spaces.</summary>
    public static string Normalize(string answer)
    {
        string trimmed = AnswerTrimming.Trim(answer, new TextSpan(0, answer.Length)).In(answer).ToString();
        if (BoxedAnswer.IsIn(trimmed) && BoxedAnswer.LastIn(trimmed, 0) is { } box) trimmed = box.In(trimmed).ToString();
        string spelled = Spell(trimmed).Replace("{,}", "", StringComparison.Ordinal);
        string degrees = DegreeExponent().Replace(spelled, @"\degree ");
        string collapsed = Spaces().Replace(degrees, " ").Trim(' ');
        return AnswerTrimming.Trim(collapsed, new TextSpan(0, collapsed.Length)).In(collapsed).ToString();
    }

    /// <summary>What words and formulas that are no expression compare by: lower case, no spaces, no braces around one character.</summary>
    public static string Key(string normalized) =>
        SingleCharacterGroup().Replace(Spaces().Replace(normalized, ""), "$1").ToLowerInvariant();

    /// <summary>The text without thousands separators, except in round, square and set brackets, where a comma parts elements.</summary>
    public static string WithoutThousandsSeparators(string normalized) => ThousandsNumber().Replace(
        normalized,
        match => IsBracketed(normalized.AsSpan(0, match.Index)) ? match.Value : match.Value.Replace(",", "", StringComparison.Ordinal));

    private static bool IsBracketed(ReadOnlySpan<char> before)
    {
        int opened = before.Count('(') + before.Count('[') + before.Count(@"\{");
        return opened > before.Count(')') + before.Count(']') + before.Count(@"\}");
    }

    private static string Spell(string text)
    {
        var spelled = new StringBuilder(text.Length);
        var braces = new Stack<bool>();
        for (int at = 0; at < text.Length;)
        {
            if (text[at] == '\\') at = SpellCommand(text, at, spelled, braces);
            else SpellCharacter(text[at++], spelled, braces);
        }
        return spelled.ToString();
    }

    private static int SpellCommand(string text, int at, StringBuilder spelled, Stack<bool> braces)
    {
        int end = at + 1;
        while (end < text.Length && char.IsAsciiLetter(text[end])) end++;
        if (end == at + 1 && end < text.Length) end++;
        string name = text[(at + 1)..end];
        if (TextCommands.Contains(name) && CharacterRuns.IsAt(text, end, '{'))
        {
            braces.Push(true);
            spelled.Append(' ');
            return end + 1;
        }
        spelled.Append(Commands.TryGetValue(name, out string? spelling) ? spelling : text[at..end]);
        return end;
    }

    // The stack tells a text command's braces, which go, from the others, which stay.
    private static void SpellCharacter(char character, StringBuilder spelled, Stack<bool> braces)
    {
        if (character == '{') braces.Push(false);
        if (character == '}' && braces.TryPop(out bool isText) && isText) spelled.Append(' ');
        else if (Characters.TryGetValue(character, out string? spelling)) spelled.Append(spelling);
        else spelled.Append(character);
    }

    [GeneratedRegex(@"\^ ?(?:\{ ?\\degree ?\}|\\degree ?)", RegexOptions.CultureInvariant)]
    private static partial Regex DegreeExponent();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Spaces();

    [GeneratedRegex(@"(?<!\\)\{(\w)\}", RegexOptions.CultureInvariant)]
    private static partial Regex SingleCharacterGroup();

    [GeneratedRegex(@"(?<![\d.]|\d,)\d{1,3}(?:,\d{3})+(?!\d|,\d)", RegexOptions.CultureInvariant)]
    private static partial Regex ThousandsNumber();
}
