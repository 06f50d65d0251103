using System.Text.RegularExpressions;

namespace ML.Pipelines.OnnxRuntime.Tokenization;

/// <summary>A token that is matched in the text before anything else.</summary>
internal sealed record AddedToken(int Id, string Content, bool Special, bool Normalized, bool SingleWord, bool LeftStrip, bool RightStrip)
{
    /// <summary>What the token matches, the white space that it swallows included.</summary>
    public string Pattern
    {
        get
        {
            var content = Regex.Escape(Content);
            if (SingleWord)
                content = $@"(?<!\w){content}(?!\w)";
            return $"{(LeftStrip ? @"\s*" : "")}(?<t{Id}>{content}){(RightStrip ? @"\s*" : "")}";
        }
    }
}

/// <summary>Finds a set of added tokens in a text: the leftmost, of those the longest.</summary>
internal sealed class AddedTokenFinder
{
    private readonly Dictionary<string, AddedToken> _tokens;
    private readonly Regex? _pattern;

    public AddedTokenFinder(IEnumerable<AddedToken> tokens)
    {
        _tokens = tokens.ToDictionary(token => token.Content);
        if (_tokens.Count > 0)
            _pattern = new Regex(string.Join('|', _tokens.Values.OrderByDescending(t => t.Content.Length).Select(t => t.Pattern)),
                RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);
    }

    /// <summary>The text in order: pieces between tokens with a null token, and the tokens.</summary>
    public IEnumerable<(ReadOnlyMemory<char> Text, AddedToken? Token)> Split(ReadOnlyMemory<char> text)
    {
        if (_pattern is null || !_pattern.IsMatch(text.Span))
            return [(text, null)];
        return Cut(text.ToString());
    }

    private IEnumerable<(ReadOnlyMemory<char> Text, AddedToken? Token)> Cut(string text)
    {
        var position = 0;
        foreach (Match match in _pattern!.Matches(text))
        {
            if (match.Index > position)
                yield return (text.AsMemory(position, match.Index - position), null);
            yield return (match.Value.AsMemory(), _tokens[match.Groups.Values.Skip(1).First(group => group.Success).Value]);
            position = match.Index + match.Length;
        }
        if (position < text.Length)
            yield return (text.AsMemory(position), null);
    }
}
