using ML.Pipelines.Runs;

namespace ML.Pipelines.Tests.Runs;

[TestClass]
public sealed class ModelUsageTests
{
    private static readonly Dictionary<string, ModelUsage> Usage = new() { ["teacher"] = new(2, 3_000_000, 500_000), ["scorer"] = new(1, 2_000_000, 0) };

    [TestMethod]
    public void A_cost_is_the_sum_of_all_tokens_at_their_prices() => Assert.AreEqual(3 * 0.5m + 0.5m * 2 + 2 * 0.1m, ModelUsage.Cost(Usage,
        new Dictionary<string, ModelPrice> { ["teacher"] = new(0.5m, 2), ["scorer"] = new(0.1m, 0) }));

    [TestMethod]
    public void Without_the_price_of_a_model_that_was_called_it_is_unknown() =>
        Assert.IsNull(ModelUsage.Cost(Usage, new Dictionary<string, ModelPrice> { ["teacher"] = new(0.5m, 2) }));

    [TestMethod]
    public void The_price_of_a_model_that_was_not_called_does_not_matter() => Assert.AreEqual(0m, ModelUsage.Cost(
        new Dictionary<string, ModelUsage>(), new Dictionary<string, ModelPrice> { ["teacher"] = new(0.5m, 2) }));
}
