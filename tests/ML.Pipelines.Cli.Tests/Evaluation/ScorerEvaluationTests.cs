using ML.Pipelines.Cli.Evaluation;

namespace ML.Pipelines.Cli.Tests.Evaluation;

[TestClass]
public sealed class ScorerEvaluationTests
{
    [TestMethod]
    public void Figures_of_known_importances_are_those_worked_out_by_hand()
    {
        // Pairs of critical and redundant: (.9, .1) (.9, .9) (.9, .2) (.2, .1) (.2, .9) (.2, .2): 1 + .5 + 1 + 1 + 0 + .5 of 6.
        var figures = ScorerEvaluation.OfSeed("copy, words", 7,
        [
            Trace([.9, .1, .5], StepLabel.Critical, StepLabel.Redundant, StepLabel.Shadowed),
            Trace([.9, .2, .2], StepLabel.Redundant, StepLabel.Redundant, StepLabel.Critical),
        ]);
        Assert.AreEqual(new("scorer", "copy, words", "AUC of critical against redundant steps", 4 / 6.0, 2)
        { Seed = 7, Chance = .5, Baseline = .75 }, figures[0]);
        Assert.AreEqual(new("scorer", "copy, words", "the most important step is critical", .5, 2)
        { Seed = 7, Chance = 1 / 3.0, Baseline = .5 }, figures[1]);
    }

    private static ScoredTrace Trace(double[] importance, params StepLabel[] labels) =>
        new(new("t", "copy", "words", 7, "q", [.. labels.Select(label => new LabelledStep("s", label))], "a"), importance);
}
