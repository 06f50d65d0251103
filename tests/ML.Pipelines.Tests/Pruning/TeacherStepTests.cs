using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.AI;
using ML.Pipelines.Pruning;
using ML.Pipelines.Teachers;
using ML.Pipelines.Tests.Rewriting;
using ML.Pipelines.Text;

namespace ML.Pipelines.Tests.Pruning;

/// <summary>Steps by a teacher: a division that is not the chain, and a label that is none, never get through.</summary>
[TestClass]
public sealed class TeacherStepTests
{
    private const string Chain = "We add.  12 + 30 = 42.\n\nHm, is it so? 42 - 30 = 12.\nThat fits. So it is 42.";

    [TestMethod]
    public async Task Groups_that_together_are_the_chain_become_its_spans()
    {
        var spans = await Segment(_ => Groups(["We add.", "12 + 30 = 42."], ["Hm, is it so?", "42 - 30 = 12. That fits."], ["So it is 42."]));
        Assert.AreSequenceEqual(["We add.  12 + 30 = 42.\n\n", "Hm, is it so? 42 - 30 = 12.\nThat fits. ", "So it is 42."], Texts(spans));
    }

    [TestMethod]
    [DataRow("a sentence changed", "We add!", "12 + 30 = 42.", "Hm, is it so? 42 - 30 = 12. That fits. So it is 42.")]
    [DataRow("a sentence left out", "We add.", "12 + 30 = 42.", "So it is 42.")]
    [DataRow("a sentence added", "We add.", "12 + 30 = 42. Good.", "Hm, is it so? 42 - 30 = 12. That fits. So it is 42.")]
    [DataRow("sentences out of order", "12 + 30 = 42.", "We add.", "Hm, is it so? 42 - 30 = 12. That fits. So it is 42.")]
    public async Task A_division_that_is_not_the_chain_is_asked_for_once_more_and_then_made_without_a_model(string what, params string[] sentences)
    {
        var client = new ScriptedClient(_ => Groups(sentences));
        var spans = await Segment(client);
        Assert.HasCount(2, client.Asked, what);
        Assert.Contains("together are not the chain", client.Asked[1][^1].Text);
        Assert.AreSequenceEqual(Texts(new StepSegmenter().Segment(Chain)), Texts(spans));
    }

    [TestMethod]
    public async Task A_second_division_that_is_right_counts()
    {
        var spans = await Segment(messages => messages.Count > 2 ? Groups([Chain]) : Groups(["We add."]));
        Assert.AreSequenceEqual([Chain], Texts(spans));
    }

    [TestMethod]
    [DataRow("I cannot do that in JSON.")]
    [DataRow("{\"groups\": []}")]
    [DataRow("{\"sentence_groups\": {\"group1\": \"text\", \"group2\": [1, 2]}}")]
    public async Task A_reply_of_another_form_is_no_division(string reply) =>
        Assert.AreSequenceEqual(Texts(new StepSegmenter().Segment(Chain)), Texts(await Segment(_ => reply)));

    [TestMethod]
    public void Whatever_the_cut_the_spans_are_adjacent_and_whole() => Prop.ForAll(
        Gen.Elements("a b", "x.\n", "  ", "\n\ny", "1 2 3").ArrayOf().ToArbitrary(), pieces =>
        {
            var text = string.Concat(pieces);
            var spans = TeacherStepSegmenter.Spans(text, pieces);
            return string.IsNullOrWhiteSpace(text) ? spans is null or [_] : string.Concat(spans!.Select(span => span.In(text).ToString())) == text;
        }).QuickCheckThrowOnFailure();

    [TestMethod]
    public async Task Steps_without_a_marker_get_the_teacher_s_label_and_the_others_keep_theirs()
    {
        var client = new ScriptedClient(_ => """
            {"patterns": {"regular_reasoning": ["group1"], "backtracking_verification": [{"id": "group2", "relates_to": "group1"}, {"id": "group3"}],
            "error_correction": [{"id": "group4", "relates_to": "group2"}, {"id": "group2"}, {"id": "group9"}]}}
            """);
        var labels = await Classify(client, "It is 4. ", "Hm, 2 + 2 is 4. ", "Alternatively, count. ", "No, it was 5. ");
        Assert.AreSequenceEqual(
            [StepCategory.Progressive, StepCategory.Verification, StepCategory.MultiMethodValidation, StepCategory.ErrorCorrection],
            labels.Select(label => label.Category));
        Assert.AreEqual((null, 1), (labels[1].RelatesTo, labels[3].RelatesTo));
        Assert.Contains("group3: Alternatively, count.", client.Asked[0][^1].Text);
    }

    [TestMethod]
    public async Task A_chain_of_marked_steps_asks_nobody_and_a_reply_that_cannot_be_read_leaves_the_markers()
    {
        var silent = new ScriptedClient(_ => "{}");
        await Classify(silent, "First, we add. ", "Wait, let me check. ");
        Assert.IsEmpty(silent.Asked);
        var labels = await Classify(new ScriptedClient(_ => "no"), "It is 4. ", "Wait, let me check. ");
        Assert.AreSequenceEqual([StepCategory.Progressive, StepCategory.Verification], labels.Select(label => label.Category));
    }

    private static async Task<IReadOnlyList<StepLabel>> Classify(ScriptedClient client, params string[] steps)
    {
        using var teacher = new Teacher(client, ScriptedClient.Info);
        var (spans, start) = (new List<TextSpan>(), 0);
        foreach (var step in steps) spans.Add(new(start, start += step.Length));
        return await new TeacherStepClassifier(teacher).ClassifyAsync(string.Concat(steps), spans);
    }

    private static Task<IReadOnlyList<TextSpan>> Segment(Func<IReadOnlyList<ChatMessage>, string> reply) => Segment(new ScriptedClient(reply));

    private static async Task<IReadOnlyList<TextSpan>> Segment(ScriptedClient client)
    {
        using var teacher = new Teacher(client, ScriptedClient.Info);
        return await new TeacherStepSegmenter(teacher).SegmentAsync(Chain);
    }

    private static IEnumerable<string> Texts(IEnumerable<TextSpan> spans) => spans.Select(span => span.In(Chain).ToString());

    private static string Groups(params string[][] groups) => JsonSerializer.Serialize(new
    {
        sentence_groups = groups.Select((group, i) => (Key: $"group{i + 1}", group)).ToDictionary(group => group.Key, group => group.group),
    });
}
