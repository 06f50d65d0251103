using System.Text.RegularExpressions;

namespace ML.Pipelines.Formatting;

/// <summary>A meta length token: a special token at the start of an output that tells its length (Ruler, arXiv 2409.18943).</summary>
/// <param name="Token">The token, for example <c>[MLT:150]</c>.</param>
/// <param name="Above">Outputs with more words than this …</param>
/// <param name="UpTo">… and at most this many train it.</param>
/// <param name="Precise">The range (above, up to] of a precise match (PM).</param>
/// <param name="Flexible">The range (above, up to] of a flexible match (FM).</param>
public sealed partial record MetaLengthToken(
    string Token, int Above, int UpTo, (int Above, int UpTo) Precise, (int Above, int UpTo) Flexible)
{
    /// <summary>The drop reason of outputs whose length is between the ranges.</summary>
    public const string NoToken = "no-length-token";

    /// <summary>All tokens, from short to long. The ranges are the code's: that of 150 is not symmetric.</summary>
    public static IReadOnlyList<MetaLengthToken> All { get; } =
    [
        new("[MLT:10]", 5, 15, (0, 20), (0, 20)), new("[MLT:30]", 25, 35, (20, 40), (20, 40)),
        new("[MLT:50]", 45, 55, (40, 60), (40, 60)), new("[MLT:80]", 75, 85, (70, 90), (60, 100)),
        new("[MLT:150]", 135, 155, (130, 170), (100, 200)), new("[MLT:300]", 295, 305, (280, 320), (200, 400)),
        new("[MLT:500]", 495, 505, (450, 550), (400, 600)), new("[MLT:700]", 695, 705, (630, 770), (600, 800)),
        new("[MLT:>800]", 800, int.MaxValue, (800, int.MaxValue), (800, int.MaxValue)),
    ];

    /// <summary>The words that decide: runs of letters, digits and underscores.</summary>
    public static int CountWords(string text) => Word().Count(text);

    /// <summary>The token for an output of so many words; null where it is between the ranges.</summary>
    public static MetaLengthToken? For(int words) => All.FirstOrDefault(token => words > token.Above && words <= token.UpTo);

    /// <summary>Whether an output of so many words, generated behind this token, matches.</summary>
    public (bool Precise, bool Flexible) Matches(int words) => (IsIn(words, Precise), IsIn(words, Flexible));

    private static bool IsIn(int words, (int Above, int UpTo) range) => words > range.Above && words <= range.UpTo;

    [GeneratedRegex(@"\w+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
