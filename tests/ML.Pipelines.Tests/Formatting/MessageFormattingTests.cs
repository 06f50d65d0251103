using Microsoft.ML;
using ML.Pipelines.Data;
using ML.Pipelines.Formatting;
using ML.Pipelines.Tests.Pruning;

namespace ML.Pipelines.Tests.Formatting;

[TestClass]
public class MessageFormattingTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void A_row_becomes_a_user_turn_and_an_assistant_turn_with_its_thoughts() => AssertMessages(
        new { question = "q", reasoning = "r", solution = "s" }, null,
        new("user", "q"), new("assistant", "<think>\nr\n</think>\n\ns"));

    [TestMethod]
    public void A_system_prompt_becomes_the_first_turn() => AssertMessages(
        new { question = "q", reasoning = "r", solution = "s", system = "be brief" }, null,
        new("system", "be brief"), new("user", "q"), new("assistant", "<think>\nr\n</think>\n\ns"));

    [TestMethod]
    public void An_empty_system_prompt_is_no_turn() => AssertMessages(
        new { question = "q", reasoning = "r", solution = "s", system = "" }, null,
        new("user", "q"), new("assistant", "<think>\nr\n</think>\n\ns"));

    [TestMethod]
    public void Without_a_solution_the_turn_ends_after_the_thoughts() => AssertMessages(
        new { question = "q", reasoning = "r" }, null,
        new("user", "q"), new("assistant", "<think>\nr\n</think>\n\n"));

    [TestMethod]
    public void Columns_and_tags_can_be_named() => AssertMessages(
        new { Prompt = "q", Thoughts = "r", Reply = "s", reasoning = "not this" },
        new() { QuestionColumn = "Prompt", ReasoningColumn = "Thoughts", SolutionColumn = "Reply", ThoughtOpen = "[", ThoughtClose = "]" },
        new("user", "q"), new("assistant", "[r]s"));

    [TestMethod]
    public void The_pruned_chain_is_taken_where_there_is_one()
    {
        using var scorer = new FakeScorer();
        var sets = _ml.TrainingSets();
        var chain = sets.SegmentSteps("Steps", null, new Lines()).Append(sets.ClassifySteps("Steps", classifier: new Lines()))
            .Append(sets.PruneByPerplexity("short", "Steps", scorer, new() { Ratio = 1 }))
            .Append(sets.FormatMessages("messages"));
        var data = _ml.Data.LoadFromEnumerable([new { question = "q", reasoning = "P: x\nV: y\nP: 42\n", answer = "42" }]);
        Assert.AreEqual("<think>\nP: x\nP: 42\n\n</think>\n\n", Read(chain.Fit(data).Transform(data)).Single()[1].Content);
    }

    [TestMethod]
    public void Nulls_of_a_file_are_no_turn_and_no_text()
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, """
            {"question":"q","reasoning":"r","solution":null,"system":null}
            {"question":"q","reasoning":null,"solution":"s","system":"t"}
            """);
        var data = _ml.Data.LoadFromJsonLines(path);
        var rows = Read(_ml.TrainingSets().FormatMessages("messages").Fit(data).Transform(data));
        File.Delete(path);
        Assert.AreSequenceEqual([new("user", "q"), new Message("assistant", "<think>\nr\n</think>\n\n")], rows[0]);
        Assert.AreSequenceEqual([new("system", "t"), new("user", "q"), new Message("assistant", "<think>\n\n</think>\n\ns")], rows[1]);
    }

    [TestMethod]
    public void An_old_messages_column_is_replaced()
    {
        var data = _ml.Data.LoadFromEnumerable([new { question = "q", reasoning = "r", messages = "old" }]);
        Assert.HasCount(2, Read(_ml.TrainingSets().FormatMessages("messages").Fit(data).Transform(data)).Single());
    }

    [TestMethod]
    [DataRow("question", "question")]
    [DataRow("reasoning", "reasoning")]
    public void A_missing_column_is_named_with_its_option(string missing, string option)
    {
        var data = _ml.Data.LoadFromEnumerable([new { question = "q", reasoning = "r" }]);
        var chain = _ml.Transforms.DropColumns(missing).Append(_ml.TrainingSets().FormatMessages("messages"));
        var fault = Assert.ThrowsExactly<PipelineException>(() => chain.Fit(data).Transform(data));
        Assert.AreEqual(ErrorCode.MissingColumn, fault.Code);
        Assert.StartsWith($"Column '{missing}' ({option}Column) is not there.", fault.Message);
    }

    private void AssertMessages<T>(T row, MessageOptions? options, params Message[] messages) where T : class
    {
        var data = _ml.Data.LoadFromEnumerable([row]);
        Assert.AreSequenceEqual(messages, Read(_ml.TrainingSets().FormatMessages("messages", options).Fit(data).Transform(data)).Single());
    }

    private List<IReadOnlyList<Message>> Read(IDataView view) =>
        [.. _ml.Data.CreateEnumerable<Formatted>(view, reuseRowObject: false).Select(row => row.messages)];

    private sealed class Formatted
    {
        [Messages]
        public IReadOnlyList<Message> messages { get; set; } = [];
    }
}
