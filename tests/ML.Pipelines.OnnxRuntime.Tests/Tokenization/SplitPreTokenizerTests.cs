using ML.Pipelines.OnnxRuntime.Tokenization;

namespace ML.Pipelines.OnnxRuntime.Tests.Tokenization;

[TestClass]
public sealed class SplitPreTokenizerTests
{
    // The example of the reference implementation's documentation.
    [TestMethod]
    [DataRow("Removed", false, "the|final|countdown")]
    [DataRow("Isolated", false, "the|-|final|-|-|countdown")]
    [DataRow("MergedWithPrevious", false, "the-|final-|-|countdown")]
    [DataRow("MergedWithNext", false, "the|-final|-|-countdown")]
    [DataRow("Contiguous", false, "the|-|final|--|countdown")]
    [DataRow("Removed", true, "-|-|-")]
    public void Matches_are_treated_as_the_behavior_says(string behavior, bool invert, string expected)
    {
        var split = new SplitPreTokenizer(new CodePointRegex("-"), Enum.Parse<SplitBehavior>(behavior), invert);
        Assert.AreEqual(expected, string.Join('|', split.Split(["the-final--countdown".AsMemory()])));
    }
}
