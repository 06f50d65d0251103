using ML.Pipelines.Pruning;
using ML.Pipelines.Text;

namespace ML.Pipelines.Tests.Pruning;

[TestClass]
public class StepNamesTests
{
    [TestMethod]
    public void Every_category_has_a_name_that_reads_back()
    {
        var categories = Enum.GetValues<StepCategory>();
        Assert.AreSequenceEqual(categories, categories.Select(category => StepNames.Category(StepNames.Of(category))));
    }

    [TestMethod]
    public void Every_decision_has_a_name_that_reads_back()
    {
        var decisions = Enum.GetValues<StepDecision>();
        Assert.AreSequenceEqual(decisions, decisions.Select(decision => StepNames.Decision(StepNames.Of(decision))));
    }

    [TestMethod]
    public void An_unknown_name_is_refused_with_the_known_ones()
    {
        var fault = Assert.ThrowsExactly<FormatException>(() => StepNames.Decision("gone"));
        Assert.AreEqual("'gone' is none of kept, removed, guarded, unscored.", fault.Message);
    }

    [TestMethod]
    [DataRow(-0.1)]
    [DataRow(1.1)]
    [DataRow(double.NaN)]
    public void A_ratio_that_is_no_share_is_refused(double ratio) => Refused(new() { Ratio = ratio }, "ratio");

    [TestMethod]
    public void A_prefix_without_the_question_is_refused() => Refused(new() { Prefix = "Chain: " }, "{question}");

    [TestMethod]
    public void A_corpus_threshold_of_random_numbers_is_refused() =>
        Refused(new() { Scope = PruningScope.Corpus, Method = PruningMethod.Rule }, "scope: corpus");

    private static void Refused(PruningOptions options, string what)
    {
        var fault = Assert.ThrowsExactly<PipelineException>(options.Validate);
        Assert.AreEqual(ErrorCode.Configuration, fault.Code);
        Assert.Contains(what, fault.Message);
    }
}
