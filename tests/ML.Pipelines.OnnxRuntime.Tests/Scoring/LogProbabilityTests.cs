using ML.Pipelines.OnnxRuntime.Scoring;

namespace ML.Pipelines.OnnxRuntime.Tests.Scoring;

[TestClass]
public sealed class LogProbabilityTests
{
    [TestMethod]
    public void Equal_logits_share_the_probability() =>
        Assert.AreEqual(-Math.Log(4), LogProbability.Of((ReadOnlySpan<float>)[3f, 3f, 3f, 3f], 2), 1e-12);

    [TestMethod]
    public void Large_logits_do_not_overflow_and_minus_infinity_elsewhere_is_allowed() =>
        Assert.AreEqual(0, LogProbability.Of((ReadOnlySpan<float>)[3e38f, float.NegativeInfinity, -3e38f], 0), 1e-12);

    [TestMethod]
    [DataRow(float.NaN, 0f)]
    [DataRow(0f, float.NaN)]
    [DataRow(float.PositiveInfinity, 0f)]
    [DataRow(float.NegativeInfinity, 0f)]
    public void Logits_that_are_not_finite_are_a_fault(float target, float other)
    {
        var fault = Assert.ThrowsExactly<PipelineException>(() => LogProbability.Of((ReadOnlySpan<float>)[target, other], 0));
        Assert.AreEqual(ErrorCode.NotFinite, fault.Code);
    }

    [TestMethod]
    public void Sixteen_bit_logits_are_widened() =>
        Assert.AreEqual(-Math.Log(2), LogProbability.Of((ReadOnlySpan<Half>)[(Half)1, (Half)1], 0), 1e-12);
}
