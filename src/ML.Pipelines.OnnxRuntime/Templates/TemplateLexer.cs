using System.Globalization;
using System.Text;

namespace ML.Pipelines.OnnxRuntime.Templates;

/// <summary>Cuts a template into tokens. Blanks around tags go as in transformers: Jinja with <c>trim_blocks</c> and
/// <c>lstrip_blocks</c>, one newline at the template's end dropped.</summary>
internal sealed class TemplateLexer
{
    private static readonly string[] Operators =
        ["==", "!=", "<=", ">=", "//", "**", "|", "~", "+", "-", "*", "/", "%", "(", ")", "[", "]", "{", "}", ",", ":", ".", "=", "<", ">"];

    private readonly string _source;
    private readonly int _end;
    private readonly List<TemplateToken> _tokens = [];
    private int _at;
    private bool _trimsStart;
    private bool _dropsNewline;
    private bool _startsLine = true;

    private TemplateLexer(string source) => (_source, _end) = (source, source.EndsWith('\n') ? source.Length - 1 : source.Length);

    /// <summary>The tokens, the last of which is <see cref="TemplateTokenKind.End"/>.</summary>
    /// <param name="source">The template; its lines end with \n.</param>
    /// <exception cref="TemplateException">A tag or string does not end, or a character has no meaning in a tag.</exception>
    public static IReadOnlyList<TemplateToken> Read(string source)
    {
        var lexer = new TemplateLexer(source);
        while (lexer._at < lexer._end) lexer.ReadTextAndTag();
        lexer.Add(TemplateTokenKind.End, "", source.Length);
        return lexer._tokens;
    }

    private void ReadTextAndTag()
    {
        var tag = NextTag();
        var (start, end) = (_at, tag);
        SkipAfterTag(ref start, end);
        var kind = tag < _end ? _source[tag + 1] : '\0';
        var sign = tag + 2 < _end ? _source[tag + 2] : '\0';
        if (sign == '-' && kind != '\0')
            end = start + _source.AsSpan(start, end - start).TrimEnd().Length;
        else if (kind is '%' or '#' && sign != '+')
            end = WithoutIndent(start, end);
        if (end > start) Add(TemplateTokenKind.Text, _source[start..end], start);
        _at = tag;
        if (kind != '\0') ReadTag(kind, sign);
    }

    private int NextTag()
    {
        for (var at = _source.IndexOf('{', _at); at >= 0 && at + 1 < _end; at = _source.IndexOf('{', at + 1))
            if (_source[at + 1] is '{' or '%' or '#') return at;
        return _end;
    }

    private void SkipAfterTag(ref int start, int end)
    {
        var from = start;
        if (_trimsStart)
            start = end - _source.AsSpan(start, end - start).TrimStart().Length;
        else if (_dropsNewline && start < end && _source[start] == '\n')
            start++;
        if (_at > 0) _startsLine = start > from && _source[start - 1] == '\n';
    }

    private int WithoutIndent(int start, int end)
    {
        var newline = _source.AsSpan(start, end - start).LastIndexOf('\n');
        if (newline < 0 && !_startsLine) return end;
        var line = start + newline + 1;
        return _source.AsSpan(line, end - line).IsWhiteSpace() ? line : end;
    }

    private void ReadTag(char kind, char sign)
    {
        var start = _at;
        _at += sign is '-' or '+' ? 3 : 2;
        if (kind == '#')
        {
            var close = _source.IndexOf("#}", _at, StringComparison.Ordinal);
            _at = close < 0 ? throw new TemplateException("The comment does not end: #} is missing.", start) : close + 2;
            EndTag(_source[close - 1], isBlock: true);
            return;
        }
        var isBlock = kind == '%';
        Add(isBlock ? TemplateTokenKind.StatementStart : TemplateTokenKind.OutputStart, "", start);
        ReadInside(isBlock ? "%}" : "}}", start);
        Add(isBlock ? TemplateTokenKind.StatementEnd : TemplateTokenKind.OutputEnd, "", _at - 2);
        EndTag(_source[_at - 3], isBlock);
    }

    private void EndTag(char sign, bool isBlock) =>
        (_trimsStart, _dropsNewline) = (sign == '-', isBlock && sign != '+');

    private void ReadInside(string close, int start)
    {
        for (var depth = 0; ;)
        {
            while (_at < _end && char.IsWhiteSpace(_source[_at])) _at++;
            if (_at >= _end) throw new TemplateException($"The tag does not end: {close} is missing.", start);
            if (depth == 0 && IsClose(close)) return;
            if (_source[_at] is '{' or '[' or '(') depth++;
            if (_source[_at] is '}' or ']' or ')') depth--;
            ReadToken();
        }
    }

    private bool IsClose(string close)
    {
        var signed = _source[_at] is '-' or '+' ? 1 : 0;
        if (string.CompareOrdinal(_source, _at + signed, close, 0, 2) != 0) return false;
        _at += signed + 2;
        return true;
    }

    private void ReadToken()
    {
        var character = _source[_at];
        if (character is '\'' or '"')
            ReadString(character);
        else if (char.IsAsciiDigit(character))
            ReadNumber();
        else if (char.IsLetter(character) || character == '_')
            ReadName();
        else
            ReadOperator();
    }

    private void ReadOperator()
    {
        var found = Array.Find(Operators, candidate => string.CompareOrdinal(_source, _at, candidate, 0, candidate.Length) == 0)
            ?? throw new TemplateException($"'{_source[_at]}' has no meaning here.", _at);
        Add(TemplateTokenKind.Operator, found, _at);
        _at += found.Length;
    }

    private void ReadNumber()
    {
        var start = _at;
        SkipDigits();
        var isFloat = _at + 1 < _end && _source[_at] == '.' && char.IsAsciiDigit(_source[_at + 1]);
        if (isFloat)
        {
            _at++;
            SkipDigits();
        }
        Add(isFloat ? TemplateTokenKind.Float : TemplateTokenKind.Integer,
            _source[start.._at].Replace("_", "", StringComparison.Ordinal), start);
    }

    private void SkipDigits()
    {
        while (_at < _end && (char.IsAsciiDigit(_source[_at]) || _source[_at] == '_')) _at++;
    }

    private void ReadName()
    {
        var start = _at;
        while (_at < _end && (char.IsLetterOrDigit(_source[_at]) || _source[_at] == '_')) _at++;
        Add(TemplateTokenKind.Name, _source[start.._at], start);
    }

    private void ReadString(char quote)
    {
        var (start, text) = (_at, new StringBuilder());
        for (_at++; _at < _end && _source[_at] != quote; _at++)
        {
            if (_source[_at] == '\\' && _at + 1 < _end) ReadEscape(text);
            else text.Append(_source[_at]);
        }
        if (_at++ >= _end) throw new TemplateException($"The string does not end: {quote} is missing.", start);
        Add(TemplateTokenKind.String, text.ToString(), start);
    }

    private void ReadEscape(StringBuilder text)
    {
        var escaped = _source[++_at];
        var digits = escaped switch { 'x' => 2, 'u' => 4, _ => 0 };
        if (digits > 0)
            text.Append(ReadHexadecimal(digits));
        else if ("nrtbfv0".Contains(escaped, StringComparison.Ordinal))
            text.Append("\n\r\t\b\f\v\0"["nrtbfv0".IndexOf(escaped, StringComparison.Ordinal)]);
        else
            text.Append(escaped is '\'' or '"' or '\\' ? "" : "\\").Append(escaped);
    }

    private char ReadHexadecimal(int digits)
    {
        var end = Math.Min(_end, _at + 1 + digits);
        if (end - _at - 1 != digits
            || !ushort.TryParse(_source.AsSpan(_at + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                out var code))
            throw new TemplateException($"An escape needs {digits} hexadecimal digits.", _at);
        _at += digits;
        return (char)code;
    }

    private void Add(TemplateTokenKind kind, string text, int at) => _tokens.Add(new(kind, text, at));
}
