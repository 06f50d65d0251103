using System.Globalization;
using System.Text;

namespace ML.Pipelines.OnnxRuntime.Tokenization;

/// <summary>Rewrites the few constructs of Oniguruma that tokenizer files use and .NET spells in another way.</summary>
internal static class OnigurumaPattern
{
    /// <summary>Possessive quantifiers become atomic groups, \h becomes a class, \x{…} an escape; the rest is the same in both.</summary>
    /// <exception cref="ArgumentException">The pattern has class intersections, scripts or astral literals.</exception>
    public static string Translate(string pattern)
    {
        Refuse(pattern, "&&", "a class intersection");
        if (pattern.Any(char.IsSurrogate))
            throw new ArgumentException("the pattern names a character beyond U+FFFF");
        var result = new StringBuilder();
        var position = 0;
        while (position < pattern.Length)
            AppendAtom(pattern, ref position, result);
        return result.ToString();
    }

    private static void Refuse(string pattern, string part, string what)
    {
        if (pattern.Contains(part, StringComparison.Ordinal))
            throw new ArgumentException($"the pattern has {what} ({part})");
    }

    private static void AppendAtom(string pattern, ref int position, StringBuilder result)
    {
        var atom = ReadAtom(pattern, ref position);
        var quantifier = ReadQuantifier(pattern, ref position);
        var possessive = quantifier.Length > 0 && position < pattern.Length && pattern[position] == '+';
        if (possessive)
            position++;
        result.Append(possessive ? $"(?>{atom}{quantifier})" : atom + quantifier);
    }

    private static string ReadAtom(string pattern, ref int position) => pattern[position] switch
    {
        '[' => ReadClass(pattern, ref position),
        '(' => ReadGroup(pattern, ref position),
        '\\' => ReadEscape(pattern, ref position),
        _ => pattern[position++].ToString(),
    };

    private static string ReadEscape(string pattern, ref int position)
    {
        var start = position;
        position = Math.Min(position + 2, pattern.Length);
        var kind = pattern[position - 1];
        if (kind == 'x' && position < pattern.Length && pattern[position] == '{')
            return HexEscape(pattern, ref position);
        if (kind is 'p' or 'P' && position < pattern.Length && pattern[position] == '{')
            position = End(pattern, '}', position);
        return kind == 'h' ? "[0-9a-fA-F]" : pattern[start..position];
    }

    private static string HexEscape(string pattern, ref int position)
    {
        var start = position + 1;
        position = End(pattern, '}', position);
        var code = int.Parse(pattern.AsSpan(start, position - 1 - start), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return code <= 0xFFFF ? $"\\u{code:X4}" : throw new ArgumentException("the pattern names a character beyond U+FFFF");
    }

    private static string ReadClass(string pattern, ref int position)
    {
        var result = new StringBuilder("[");
        position++;
        while (position < pattern.Length && pattern[position] != ']')
        {
            if (pattern[position] == '[')
                throw new ArgumentException("the pattern nests character classes");
            result.Append(pattern[position] == '\\' ? ReadEscape(pattern, ref position) : pattern[position++].ToString());
        }
        Close(pattern, ref position, ']');
        return result.Append(']').ToString();
    }

    private static string ReadGroup(string pattern, ref int position)
    {
        var result = new StringBuilder("(");
        position++;
        if (position < pattern.Length && pattern[position] == '?')
            result.Append(pattern[position++]);
        while (position < pattern.Length && pattern[position] != ')')
            AppendAtom(pattern, ref position, result);
        Close(pattern, ref position, ')');
        return result.Append(')').ToString();
    }

    private static string ReadQuantifier(string pattern, ref int position)
    {
        if (position >= pattern.Length || !"?*+{".Contains(pattern[position], StringComparison.Ordinal))
            return "";
        var start = position;
        position = pattern[position] == '{' ? End(pattern, '}', position) : position + 1;
        return pattern[start..position];
    }

    private static void Close(string pattern, ref int position, char closing)
    {
        if (position++ >= pattern.Length)
            throw new ArgumentException($"the pattern lacks a closing '{closing}'");
    }

    private static int End(string pattern, char closing, int from)
    {
        var end = pattern.IndexOf(closing, from);
        return end >= 0 ? end + 1 : throw new ArgumentException($"the pattern lacks a closing '{closing}'");
    }
}
