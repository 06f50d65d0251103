using System.Text;
using System.Text.RegularExpressions;

namespace ML.Pipelines.OnnxRuntime.Tokenization;

/// <summary>Rewrites text before it is cut into pieces; the constructors name the kinds of a tokenizer file.</summary>
internal sealed class TextNormalizer
{
    private readonly Func<string, string> _apply;

    private TextNormalizer(Func<string, string> apply) => _apply = apply;

    /// <summary>Leaves text as it is.</summary>
    public static TextNormalizer None { get; } = new(text => text);

    /// <summary>A Unicode normalization form.</summary>
    public static TextNormalizer Form(NormalizationForm form) => new(text => UnicodeNormalizer.Normalize(text, form));

    /// <summary>Lower case of every character on its own.</summary>
    public static TextNormalizer Lowercase() => new(text => text.ToLowerInvariant());

    /// <summary>Replaces the matches of a regular expression by a literal text.</summary>
    public static TextNormalizer Replace(Regex pattern, string content) => new(text => pattern.Replace(text, _ => content));

    /// <summary>One after the other.</summary>
    public static TextNormalizer Sequence(IReadOnlyList<TextNormalizer> parts) =>
        new(text => parts.Aggregate(text, (current, part) => part.Apply(current)));

    /// <summary>The rewritten text.</summary>
    public string Apply(string text) => _apply(text);
}
