using System.Text;
using ML.Pipelines.OnnxRuntime.Tokenization;

namespace ML.Pipelines.OnnxRuntime.Tests.Tokenization;

/// <summary>Examples of the Unicode standard (UAX 15); the golden ids compare thousands of characters more.</summary>
[TestClass]
public sealed class UnicodeNormalizerTests
{
    [TestMethod]
    [DataRow("e\u0301", NormalizationForm.FormC, "\u00E9")]
    [DataRow("\u00E9", NormalizationForm.FormD, "e\u0301")]
    [DataRow("\u1E9B\u0323", NormalizationForm.FormC, "\u1E9B\u0323")]
    [DataRow("\u1E9B\u0323", NormalizationForm.FormD, "\u017F\u0323\u0307")]
    [DataRow("\u1E9B\u0323", NormalizationForm.FormKC, "\u1E69")]
    [DataRow("\u1E9B\u0323", NormalizationForm.FormKD, "s\u0323\u0307")]
    [DataRow("q\u0307\u0323", NormalizationForm.FormC, "q\u0323\u0307")]
    [DataRow("\u212B", NormalizationForm.FormC, "\u00C5")]
    [DataRow("\u0958", NormalizationForm.FormC, "\u0915\u093C")]
    [DataRow("\uAC01", NormalizationForm.FormD, "\u1100\u1161\u11A8")]
    [DataRow("\u1100\u1161\u11A8", NormalizationForm.FormC, "\uAC01")]
    [DataRow("\uAC00\u11A8", NormalizationForm.FormC, "\uAC01")]
    [DataRow("\u1100\u1161\u11A7", NormalizationForm.FormC, "\uAC00\u11A7")]
    [DataRow("\uFB01 ①½", NormalizationForm.FormKC, "fi 11\u20442")]
    [DataRow("𝑥", NormalizationForm.FormKC, "x")]
    [DataRow("\U0001D15E", NormalizationForm.FormC, "\U0001D157\U0001D165")]
    [DataRow("a\u0315\u0300\u05AE\u0300b", NormalizationForm.FormC, "\u00E0\u05AE\u0300\u0315b")]
    [DataRow("plain", NormalizationForm.FormC, "plain")]
    public void Text_is_normalized_as_the_standard_says(string text, NormalizationForm form, string expected) =>
        Assert.AreEqual(expected, UnicodeNormalizer.Normalize(text, form));
}
