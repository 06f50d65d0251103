using System.Globalization;
using ML.Pipelines.OnnxRuntime.Tokenization;

namespace ML.Pipelines.OnnxRuntime.Tests.Tokenization;

[TestClass]
public sealed class CodePointRegexTests
{
    [TestMethod]
    public void Every_shadow_has_the_category_that_it_stands_for()
    {
        for (var i = 0; i < CodePointRegex.Shadows.Length; i++)
            Assert.AreEqual((UnicodeCategory)i, CharUnicodeInfo.GetUnicodeCategory(CodePointRegex.Shadows[i]),
                $"U+{(int)CodePointRegex.Shadows[i]:X4}");
        Assert.HasCount(CodePointRegex.Shadows.Length, Enum.GetValues<UnicodeCategory>());
    }

    [TestMethod]
    [DataRow(@"\p{L}+", "a𝑥𠮷b😀c", "a𝑥𠮷b|c")]
    [DataRow(@"\p{N}{1,3}", "𝟏𝟐𝟑𝟒5", "𝟏𝟐𝟑|𝟒5")]
    [DataRow(@"[^\s\p{L}\p{N}]", "😀😁x!", "😀|😁|!")]
    [DataRow(@"\s+(?!\S)|\s+", "a \u00A0\u3000😀", " \u00A0|\u3000")]
    [DataRow(@"\p{L}?+\p{L}", "𝑥𝑦𝑧", "𝑥𝑦")]
    [DataRow(@"[^\r\n]?+😀", "", "")]
    [DataRow(@"(?:ab)++b|\x{61}", "ababb ba", "ababb|a")]
    public void Classes_and_counts_see_code_points(string pattern, string text, string expected)
    {
        if (pattern.Contains('\uD83D', StringComparison.Ordinal))
        {
            Assert.Throws<ArgumentException>(() => new CodePointRegex(pattern));
            return;
        }

        var matches = new List<(int Start, int Length)>();
        new CodePointRegex(pattern).Match(text, matches);
        Assert.AreEqual(expected, string.Join('|', matches.Select(match => text.Substring(match.Start, match.Length))));
    }

    [TestMethod]
    [DataRow(@"[a&&b]")]
    [DataRow(@"[a[b]]")]
    [DataRow(@"\p{Script=Han}")]
    [DataRow(@"\x{1F600}")]
    [DataRow(@"\p{L")]
    [DataRow(@"(a")]
    public void What_has_no_counterpart_is_refused(string pattern) => Assert.Throws<ArgumentException>(() => new CodePointRegex(pattern));
}
