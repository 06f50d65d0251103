using ML.Pipelines.Text;

namespace ML.Pipelines.Tests.Text;

[TestClass]
public class StepSegmenterPropertyTests
{
    private static readonly StepSegmenter[] Segmenters =
        [new(), new(new() { TargetSentences = 1, MaxSentences = 1 }), new(new() { MaxStepLength = 16 }),
            new(new() { BreakAtReflectionInParagraph = false })];

    [TestMethod]
    public void The_steps_together_are_the_input() =>
        NastyText.Check(text => Segmenters.All(segmenter => Concatenation(text, segmenter.Segment(text)) == text));

    [TestMethod]
    public void Steps_are_adjacent_and_not_empty() =>
        NastyText.Check(text => Segmenters.All(segmenter => AreAdjacent(segmenter.Segment(text), text.Length)));

    [TestMethod]
    public void No_step_cuts_a_surrogate_pair_or_crlf() => NastyText.Check(text => Segmenters.All(segmenter =>
        segmenter.Segment(text).Skip(1).All(step => !char.IsSurrogatePair(text[step.Start - 1], text[step.Start])
            && text[(step.Start - 1)..(step.Start + 1)] != "\r\n")));

    [TestMethod]
    public void No_step_is_longer_than_the_limit() => NastyText.Check(text => Segmenters[2].Segment(text).All(step => step.Length <= 16));

    [TestMethod]
    public void No_step_starts_inside_a_formula_or_code() => NastyText.Check(text =>
    {
        List<ProtectedRegion> regions = ProtectedRegions.Find(text, 4000);
        return Segmenters[1].Segment(text).All(step => !regions.Exists(region => region.Start < step.Start && step.Start < region.End));
    });

    [TestMethod]
    public void The_same_text_gives_the_same_steps() =>
        NastyText.Check(text => Segmenters[0].Segment(text).SequenceEqual(new StepSegmenter().Segment(text)));

    [TestMethod]
    [DataRow("a")]
    [DataRow("$")]
    [DataRow("$5 ")]
    [DataRow("\\[")]
    [DataRow("\\(")]
    [DataRow("\\begin{a}")]
    [DataRow("```x\n")]
    [DataRow("` ``")]
    [DataRow("))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))\n")]
    [DataRow(".")]
    [DataRow("\n")]
    [DataRow("Wait, no. ")]
    [DataRow("So $x = 1.5$, e.g. in Fig. 3.\n\n")]
    [DataRow("- a:\n")]
    public void A_text_of_a_million_characters_is_segmented(string unit)
    {
        string text = string.Concat(Enumerable.Repeat(unit, 1_000_000 / unit.Length));
        Assert.IsTrue(AreAdjacent(Segmenters[0].Segment(text), text.Length));
    }

    [TestMethod]
    [DynamicData(nameof(Ids))]
    public void A_real_trace_has_three_to_four_sentences_a_step_in_the_median(string id)
    {
        string reasoning = RealTraces.Reasoning(id);
        IEnumerable<string> steps = Segmenters[3].Segment(reasoning).Select(step => step.In(reasoning).ToString());
        int[] sentences = [.. steps.Select(step => SentenceScanner.Scan(step, 4000).Count).Order()];
        Assert.IsInRange(3, 4, sentences[sentences.Length / 2]);
    }

    public static IEnumerable<object[]> Ids => RealTraces.Ids.Select(id => new object[] { id });

    private static string Concatenation(string text, IReadOnlyList<TextSpan> steps) =>
        string.Concat(steps.Select(step => step.In(text).ToString()));

    private static bool AreAdjacent(IReadOnlyList<TextSpan> steps, int length)
    {
        int end = 0;
        foreach (TextSpan step in steps)
        {
            if (step.Start != end || step.Length <= 0) return false;
            end = step.End;
        }
        return end == length;
    }
}
