using ML.Pipelines.Rewriting;

namespace ML.Pipelines.Tests.Rewriting;

[TestClass]
public sealed class DifficultyFrameTests
{
    [TestMethod]
    [DataRow(Difficulty.Simple)]
    [DataRow(Difficulty.Moderate)]
    [DataRow(Difficulty.Hard)]
    public void A_text_in_a_frame_is_found_to_be_in_it(Difficulty level) =>
        Assert.AreEqual(level, DifficultyFrame.Find(DifficultyFrame.Of(level).Text + "\n**Solution:** 4")!.Level);

    [TestMethod]
    public void Further_sub_problems_belong_to_the_hard_frame() => Assert.AreEqual(Difficulty.Hard, DifficultyFrame.Find(
        DifficultyFrame.Of(Difficulty.Hard).Text.Replace("**Integration", "**Sub-problem 2:** b\n**Sub-problem 3:** c\n**Integration", StringComparison.Ordinal))!.Level);

    [TestMethod]
    [DataRow("**Approach:** a\n**Analysis:** b\n**Summary:** c")]
    [DataRow("**Analysis:** a\n**Summary:** c")]
    [DataRow("**Analysis:** a\n**Approach:** b\n**Approach:** b\n**Summary:** c")]
    [DataRow("Analysis: a\nApproach: b\nSummary: c")]
    [DataRow("")]
    public void A_text_that_lacks_or_repeats_or_swaps_a_heading_is_in_none(string text) => Assert.IsNull(DifficultyFrame.Find(text));

    [TestMethod]
    [DataRow("simple", Difficulty.Simple)]
    [DataRow(" **Moderate**.\n", Difficulty.Moderate)]
    [DataRow("HARD", Difficulty.Hard)]
    public void A_level_is_read_in_any_case_and_dress(string text, Difficulty level) => Assert.AreEqual(level, DifficultyFrame.Parse(text));

    [TestMethod]
    [DataRow("")]
    [DataRow("0")]
    [DataRow("very hard")]
    [DataRow("simple or moderate")]
    public void Anything_else_is_no_level(string text) => Assert.IsNull(DifficultyFrame.Parse(text));
}
