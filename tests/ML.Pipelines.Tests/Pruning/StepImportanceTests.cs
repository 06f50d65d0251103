using ML.Pipelines.Pruning;

namespace ML.Pipelines.Tests.Pruning;

[TestClass]
public class StepImportanceTests
{
    private static readonly double[] Full = [-.1, -.2, -.3];
    private static readonly double[] Without = [-.4, -.5, -.6];

    [TestMethod]
    public void Perplexity_is_the_exponential_of_the_mean_negative_log_likelihood()
    {
        Assert.AreEqual(1.22140, StepImportance.Perplexity(Full), 5e-6);
        Assert.AreEqual(1.64872, StepImportance.Perplexity(Without), 5e-6);
    }

    [TestMethod]
    public void Importance_is_the_logarithm_of_the_perplexities_ratio()
    {
        Assert.AreEqual(0.3, StepImportance.Of(Full, Without), 1e-12);
        Assert.AreEqual(
            Math.Log(StepImportance.Perplexity(Without) / StepImportance.Perplexity(Full)), StepImportance.Of(Full, Without), 1e-12);
    }

    [TestMethod]
    public void A_step_that_hurts_confidence_has_negative_importance() => Assert.AreEqual(-0.3, StepImportance.Of(Without, Full), 1e-12);

    [TestMethod]
    public void Importance_does_not_overflow_where_a_perplexity_does()
    {
        Assert.IsTrue(double.IsInfinity(StepImportance.Perplexity([-1000])));
        Assert.AreEqual(999, StepImportance.Of([-1], [-1000]), 1e-9);
    }

    [TestMethod]
    public void No_answer_tokens_are_an_error()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => StepImportance.MeanNegativeLogLikelihood([]));
        Assert.ThrowsExactly<ArgumentNullException>(() => StepImportance.Perplexity(null!));
    }
}
