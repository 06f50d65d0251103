using ML.Pipelines.Lengthening;

namespace ML.Pipelines.Tests.Lengthening;

/// <summary>The vectors are LonGen's formula worked out by hand.</summary>
[TestClass]
public sealed class LengthConstraintTests
{
    [TestMethod]
    [DataRow(3000, .875)]
    [DataRow(4800, 1)]
    [DataRow(6000, .5)]
    [DataRow(3200, 1)]
    [DataRow(0, 0)]
    public void About_takes_a_fifth_less_or_more(int words, double score) =>
        Assert.AreEqual(score, LengthConstraint.About(4000).Score(words), 1e-9);

    [TestMethod]
    [DataRow(1500, .5)]
    [DataRow(1000, 0)]
    [DataRow(2000, 1)]
    [DataRow(4000, 1)]
    [DataRow(9000, 0)]
    public void A_range_takes_what_is_in_it(int words, double score) =>
        Assert.AreEqual(score, LengthConstraint.Between(2000, 4000).Score(words), 1e-9);

    [TestMethod]
    [DataRow(2900, .93333333)]
    [DataRow(5000, .77777778)]
    [DataRow(4500, 1)]
    public void Above_takes_up_to_half_more(int words, double score) =>
        Assert.AreEqual(score, LengthConstraint.Above(3000).Score(words), 1e-6);

    [TestMethod]
    [DataRow(2000, .6)]
    [DataRow(6000, .6)]
    [DataRow(8000, 0)]
    [DataRow(2500, 1)]
    public void Below_takes_down_to_half(int words, double score) =>
        Assert.AreEqual(score, LengthConstraint.Below(5000).Score(words), 1e-9);

    [TestMethod]
    public void A_constraint_without_words_is_refused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => LengthConstraint.About(0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => LengthConstraint.Between(5, 4));
    }
}
