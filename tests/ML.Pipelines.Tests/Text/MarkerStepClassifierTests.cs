using ML.Pipelines.Text;

namespace ML.Pipelines.Tests.Text;

[TestClass]
public class MarkerStepClassifierTests
{
    private static StepLabel Label(string step, MarkerStepClassifierOptions? options = null) =>
        new MarkerStepClassifier(options).Classify(step, new TextSpan(0, step.Length));

    [TestMethod]
    [DataRow("Let's solve it.", StepCategory.Progressive)]
    [DataRow("Therefore, x = 5.", StepCategory.Progressive)]
    [DataRow("We need to find x.", StepCategory.Progressive)]
    [DataRow("Given that x = 5.", StepCategory.Progressive)]
    [DataRow("Wait, is it 5?", StepCategory.Verification)]
    [DataRow("Let me check it.", StepCategory.Verification)]
    [DataRow("Let me verify it.", StepCategory.Verification)]
    [DataRow("Double-check it.", StepCategory.Verification)]
    [DataRow("Going back to the start.", StepCategory.Verification)]
    [DataRow("Alternatively, use y.", StepCategory.MultiMethodValidation)]
    [DataRow("Another way is y.", StepCategory.MultiMethodValidation)]
    [DataRow("Let's try a different approach.", StepCategory.MultiMethodValidation)]
    [DataRow("Using another method, x = 5.", StepCategory.MultiMethodValidation)]
    [DataRow("We can also verify it by y.", StepCategory.MultiMethodValidation)]
    [DataRow("This is wrong.", StepCategory.ErrorCorrection)]
    [DataRow("The mistake was a sign.", StepCategory.ErrorCorrection)]
    [DataRow("That's impossible.", StepCategory.ErrorCorrection)]
    [DataRow("This contradicts it.", StepCategory.ErrorCorrection)]
    [DataRow("The error is a sign.", StepCategory.ErrorCorrection)]
    [DataRow("I made a mistake.", StepCategory.ErrorCorrection)]
    public void The_phrases_of_table_4_decide(string step, StepCategory category) => Assert.AreEqual(category, Label(step).Category);

    [TestMethod]
    public void A_step_with_no_marker_is_progressive() => Assert.AreEqual(new StepLabel(StepCategory.Progressive, null), Label("x = 5."));

    [TestMethod]
    public void The_marker_is_the_phrase_as_it_stands() => Assert.AreEqual("LET ME  check", Label("Okay, LET ME  check it.").Marker);

    [TestMethod]
    public void A_typographic_apostrophe_matches() => Assert.AreEqual("That’s impossible", Label("That’s impossible.").Marker);

    [TestMethod]
    public void Error_correction_comes_before_verification() =>
        Assert.AreEqual(StepCategory.ErrorCorrection, Label("Wait, I made a mistake.").Category);

    [TestMethod]
    public void Multi_method_comes_before_verification() =>
        Assert.AreEqual(StepCategory.MultiMethodValidation, Label("Wait, alternatively use y.").Category);

    [TestMethod]
    public void Verification_comes_before_progressive() =>
        Assert.AreEqual(StepCategory.Verification, Label("So, first, let me check.").Category);

    [TestMethod]
    public void Wait_counts_only_in_the_first_sentence() =>
        Assert.AreEqual(StepCategory.Progressive, Label("It is 5. But wait, is it?").Category);

    [TestMethod]
    [DataRow("They wait for the bus.")]
    [DataRow("The waiter is here.")]
    [DataRow("The wait-time is 5.")]
    public void Wait_as_an_ordinary_word_does_not_count(string step) => Assert.AreEqual(StepCategory.Progressive, Label(step).Category);

    [TestMethod]
    [DataRow("Wait that is odd.")]
    [DataRow("Hmm, wait, is it?")]
    [DataRow("But wait! Is it?")]
    public void Wait_as_an_interjection_counts(string step) => Assert.AreEqual(StepCategory.Verification, Label(step).Category);

    [TestMethod]
    public void A_phrase_inside_a_word_does_not_count() => Assert.IsNull(Label("The thence is unfirst.").Marker);

    [TestMethod]
    public void A_phrase_can_be_added()
    {
        var options = new MarkerStepClassifierOptions { Markers = StepMarkers.Default.Add(StepCategory.Verification, "sanity first") };
        Assert.AreEqual(StepCategory.Verification, Label("Sanity first: it is 5.", options).Category);
    }

    [TestMethod]
    public void The_phrases_of_a_category_can_be_replaced()
    {
        var options = new MarkerStepClassifierOptions { Markers = StepMarkers.Default.Replace(StepCategory.Verification, "prüfen wir") };
        Assert.AreEqual(StepCategory.Progressive, Label("Let me check it.", options).Category);
    }

    [TestMethod]
    public void An_empty_phrase_is_refused() =>
        Assert.ThrowsExactly<ArgumentException>(() => StepMarkers.Default.Add(StepCategory.Verification, ""));

    [TestMethod]
    public async Task A_correction_relates_to_the_nearest_step_that_is_none()
    {
        string text = "It is 5. That is wrong. I made a mistake. ";
        IReadOnlyList<StepLabel> labels = await new MarkerStepClassifier().ClassifyAsync(
            text, [new(0, 9), new(9, 24), new(24, text.Length)]);
        CollectionAssert.AreEqual(new int?[] { null, 0, 0 }, labels.Select(label => label.RelatesTo).ToArray());
    }

    [TestMethod]
    public async Task A_correction_at_the_start_relates_to_nothing() =>
        Assert.IsNull((await new MarkerStepClassifier().ClassifyAsync("This is wrong.", [new(0, 14)]))[0].RelatesTo);

    [TestMethod]
    public void A_marker_does_not_reach_over_the_end_of_its_step() =>
        Assert.AreEqual(StepCategory.Progressive, new MarkerStepClassifier().Classify("Let me check", new TextSpan(0, 7)).Category);

    [TestMethod]
    public void Labels_never_fail() => NastyText.Check(text =>
    {
        IReadOnlyList<TextSpan> steps = new StepSegmenter().Segment(text);
        return new MarkerStepClassifier().ClassifyAsync(text, steps).AsTask().Result.Count == steps.Count;
    });

    [TestMethod]
    public async Task A_real_trace_is_mostly_progressive()
    {
        string reasoning = RealTraces.Reasoning("aime24-60-8192");
        IReadOnlyList<TextSpan> steps = new StepSegmenter().Segment(reasoning);
        IReadOnlyList<StepLabel> labels = await new MarkerStepClassifier().ClassifyAsync(reasoning, steps);
        double progressive = steps.Where((_, index) => labels[index].Category == StepCategory.Progressive).Sum(step => step.Length);
        Assert.IsInRange(0.5, 0.95, progressive / reasoning.Length);
    }
}
