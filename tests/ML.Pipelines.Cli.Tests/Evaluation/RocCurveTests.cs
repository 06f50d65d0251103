using ML.Pipelines.Cli.Evaluation;

namespace ML.Pipelines.Cli.Tests.Evaluation;

[TestClass]
public sealed class RocCurveTests
{
    [TestMethod]
    [DataRow(new[] { 2.0, 3 }, new[] { 0.0, 1 }, 1)]
    [DataRow(new[] { 0.0, 1 }, new[] { 2.0, 3 }, 0)]
    [DataRow(new[] { 1.0 }, new[] { 1.0 }, .5)]
    [DataRow(new[] { .8, .35 }, new[] { .1, .4 }, .75)]
    [DataRow(new[] { 1.0, 1, 0 }, new[] { 1.0, 0, 0, 0 }, .70833333)]
    public void The_area_is_the_share_of_pairs_in_order_and_ties_count_half(double[] positives, double[] negatives, double area) =>
        Assert.AreEqual(area, RocCurve.Area(positives, negatives), 1e-6);

    [TestMethod]
    public void Without_a_class_there_is_no_area() => Assert.IsTrue(double.IsNaN(RocCurve.Area([], [1])));
}
