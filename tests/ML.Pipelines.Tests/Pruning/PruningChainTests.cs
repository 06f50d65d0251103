using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;
using ML.Pipelines.Pruning;
using ML.Pipelines.Tests.Data;

namespace ML.Pipelines.Tests.Pruning;

[TestClass]
public sealed class PruningChainTests : IDisposable
{
    private static readonly string[] Lines3 = ["P: let x", "V: check <-0.5>", "V: check <0.5>", "P: 42"];
    private readonly MLContext _ml = new(seed: 1);
    private readonly RecordingRejectSink _sink = new();
    private readonly FakeScorer _scorer = new();

    public void Dispose() => _scorer.Dispose();

    private IReadOnlyList<string> Left =>
    [
        .. _sink.DroppedRows.Select(left => $"{left.Row.Stage} {left.Row.RowId} {left.Reason}"),
        .. _sink.QuarantinedRows.Select(left => $"{left.Row.Stage} {left.Row.RowId} {left.Error.Code}"),
    ];

    private TrainingSetsCatalog Sets => _ml.TrainingSets(_sink);

    [TestMethod]
    public void A_chain_of_segmenting_pruning_and_formatting_finds_its_columns_whatever_their_case()
    {
        var chain = Sets.SegmentSteps("Steps", "Reasoning", new Lines())
            .Append(Sets.ClassifySteps("Steps", classifier: new Lines()))
            .Append(Sets.PruneByPerplexity("Pruned", "Steps", _scorer, new() { Ratio = 0.5 }))
            .Append(Sets.FormatMessages("messages"));
        var row = Rows<FormattedTrace>(chain, Trace("a", Lines3)).Single();
        Assert.AreEqual("P: let x\nV: check <0.5>\nP: 42\n", row.Pruned);
        Assert.AreEqual((11, 8, 4, 1), (row.TokensBefore, row.TokensAfter, row.StepCount, row.StepsRemoved));
        Assert.AreSequenceEqual(
            [new("user", "What is it?"), new Message("assistant", "<think>\nP: let x\nV: check <0.5>\nP: 42\n\n</think>\n\nDone: 42")],
            row.Messages);
    }

    [TestMethod]
    public void The_chain_of_the_design_works_with_its_defaults()
    {
        var chain = Sets.SegmentSteps("Steps", "Reasoning")
            .Append(Sets.PruneByPerplexity("Pruned", "Steps", _scorer, new() { Ratio = 1 }))
            .Append(Sets.FormatMessages("messages"));
        var row = Rows<FormattedTrace>(chain, new TraceRow
        {
            Id = "a",
            Reasoning = "We need the sum. First we add 40 and 2. That is easy.\n\nWait, let me check that. It is right <-3>. Good.\n\nTherefore the answer is 42.",
        }).Single();
        Assert.AreEqual("We need the sum. First we add 40 and 2. That is easy.\n\nTherefore the answer is 42.", row.Pruned);
        Assert.Contains(row.Pruned, row.Messages[^1].Content!);
    }

    [TestMethod]
    public void Transforms_of_the_framework_may_stand_between()
    {
        var chain = Sets.SegmentSteps("Steps", "Reasoning", new Lines())
            .Append(_ml.Transforms.CustomMapping<Count, CountOut>((row, made) => made.StepCount = row.Steps.Count, null))
            .Append(Sets.ClassifySteps("Steps", classifier: new Lines()))
            .Append(_ml.Transforms.CopyColumns("Copy", "Steps"))
            .Append(Sets.PruneByPerplexity("Pruned", "Copy", _scorer, new() { Ratio = 0.5 }))
            .Append(_ml.Transforms.CustomMapping<Shout, Shout>((row, made) => made.Question = row.Question + "!", null))
            .Append(_ml.Transforms.DropColumns("Steps"))
            .Append(Sets.FormatMessages("messages"));
        var view = Transform(chain, Trace("a", Lines3));
        var row = _ml.Data.CreateEnumerable<Formatted>(view, reuseRowObject: false).Single();
        Assert.AreEqual("What is it?!", row.messages[0].Content);
        Assert.StartsWith("<think>\nP: let x\nV: check <0.5>\nP: 42\n", row.messages[1].Content!);
        Assert.AreEqual(4, row.StepCount);
    }

    [TestMethod]
    public void An_answer_column_of_another_case_is_replaced()
    {
        var schema = Transform(Chain(new()), Trace("a", Lines3)).Schema;
        Assert.AreSequenceEqual(["Answer"], Names(schema, "answer"));
    }

    [TestMethod]
    public void The_answer_is_the_traces_own_where_the_gold_answer_is_blank()
    {
        var row = Trace("a", Lines3);
        (row.Answer, row.Solution) = ("", "The answer is 42.");
        Assert.AreEqual("42", Rows<PrunedTrace>(Chain(new()), row).Single().Answer);
    }

    [TestMethod]
    public void Rows_that_leave_are_reported_with_stage_id_and_reason()
    {
        var (cutOff, wrong, silent) = (Trace("a", Lines3), Trace("b", Lines3), Trace("c", "P: x"));
        var poisoned = Trace("d", "P: x", $"V: {FakeScorer.OutOfRange}", "P: 42");
        (cutOff.Complete, wrong.Solution, silent.Answer, silent.Solution) = (false, @"\boxed{7}", "", "");
        var kept = Rows<PrunedTrace>(Chain(new()), cutOff, wrong, silent, poisoned, Trace("e", Lines3));
        Assert.AreSequenceEqual(["e"], kept.Select(row => row.Id));
        Assert.AreSequenceEqual(["prune a cut-off", "prune b wrong-answer", "prune c no-answer", "prune d scorer.token-out-of-range"], Left);
    }

    [TestMethod]
    public void Rows_without_an_id_column_go_by_their_number()
    {
        var silent = Trace("", "P: x");
        (silent.Answer, silent.Solution) = ("", "");
        var chain = _ml.Transforms.DropColumns("Id").Append(Chain(new()));
        Transform(chain, Trace("", Lines3), silent, Trace("", Lines3)).Preview();
        Assert.AreEqual("prune 1 no-answer", Left[0]);
    }

    [TestMethod]
    public void The_random_baseline_does_not_depend_on_the_order_of_rows()
    {
        var chain = Chain(new() { Ratio = 0.5, Method = PruningMethod.Rule });
        var rows = Enumerable.Range(0, 30).Select(i => Trace($"r{i}", "P: a", "V: b", "V: c", "V: d", "V: e", "P: 42")).ToArray();
        var ahead = Rows<PrunedTrace>(chain, rows).ToDictionary(row => row.Id, row => row.Pruned);
        var back = Rows<PrunedTrace>(chain, [.. rows.Reverse()]).ToDictionary(row => row.Id, row => row.Pruned);
        CollectionAssert.AreEquivalent(ahead, back);
        Assert.IsGreaterThan(4, ahead.Values.Distinct().Count());
    }

    [TestMethod]
    public void A_corpus_threshold_counts_over_all_rows()
    {
        var rows = Enumerable.Range(0, 10).Select(i => Trace($"r{i}", "P: a", $"V: b <{i}>", $"M: c <{-i}>", "P: so", "P: 42")).ToArray();
        var kept = Rows<PrunedTrace>(Chain(new() { Ratio = 0.3, Scope = PruningScope.Corpus }), rows);
        Assert.AreEqual("r0 r1 r2", string.Join(' ', kept.Where(row => row.Steps[1].Decision == StepDecision.Removed).Select(row => row.Id)));
        Assert.AreEqual("r7 r8 r9", string.Join(' ', kept.Where(row => row.Steps[2].Decision == StepDecision.Removed).Select(row => row.Id)));
        Assert.IsTrue(kept.All(row => row.Steps[1].Threshold is > 2.99 and < 3.01));
    }

    [TestMethod]
    public void A_corpus_threshold_scores_each_row_once_for_fit_and_all_passes()
    {
        var data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 10).Select(i => Trace($"r{i}", "P: a", $"V: b <{i}>", "P: 42")).ToArray());
        var fitted = Chain(new() { Scope = PruningScope.Corpus }).Fit(data);
        Assert.HasCount(10, _scorer.Requests);
        fitted.Transform(data).Preview();
        fitted.Transform(data).Preview();
        Assert.HasCount(10, _scorer.Requests);
    }

    [TestMethod]
    public void A_corpus_threshold_does_not_learn_from_rows_that_leave()
    {
        var poisoned = Trace("x", $"P: {FakeScorer.OutOfRange}", "V: b <-9>", "P: 42");
        var wrong = Trace("y", "P: a", "V: b <-8>", "P: 42");
        wrong.Solution = @"\boxed{7}";
        var (low, high) = (Trace("a", "P: a", "V: b <1>", "P: 42"), Trace("b", "P: a", "V: b <2>", "P: 42"));
        var rows = Rows<PrunedTrace>(Chain(new() { Ratio = 0.5, Scope = PruningScope.Corpus }), poisoned, wrong, low, high);
        Assert.AreSequenceEqual([1, 0], rows.Select(row => row.StepsRemoved));
        Assert.HasCount(2, Left.Distinct());
    }

    [TestMethod]
    public void A_missing_question_column_is_named_with_its_option_and_the_columns_there()
    {
        var chain = _ml.Transforms.DropColumns("Question").Append(Chain(new()));
        var fault = Assert.ThrowsExactly<PipelineException>(() => Transform(chain, Trace("a", Lines3)));
        Assert.AreEqual(
            (ErrorCode.MissingColumn, "Column 'question' (questionColumn) is not there. Columns: Id, Reasoning, Answer, Solution, Complete, Steps. Name the right one in questionColumn."),
            (fault.Code, fault.Message));
    }

    [TestMethod]
    public void A_missing_column_is_found_before_any_data_is_read()
    {
        var shape = Shape(_ml.Data.LoadFromEnumerable([new { Steps = 1 }]).Schema);
        var fault = Assert.ThrowsExactly<PipelineException>(() => Sets.PruneByPerplexity("Pruned", "Steps", _scorer).GetOutputSchema(shape));
        Assert.AreEqual(ErrorCode.MissingColumn, fault.Code);
    }

    [TestMethod]
    public void Steps_of_a_wrong_type_are_refused()
    {
        var chain = Sets.PruneByPerplexity("Pruned", "Question", _scorer);
        var fault = Assert.ThrowsExactly<PipelineException>(() => Transform(chain, Trace("a", Lines3)));
        Assert.AreEqual(ErrorCode.TypeMismatch, fault.Code);
        Assert.Contains("Column 'Question' (inputColumnName)", fault.Message);
    }

    [TestMethod]
    public void A_completeness_that_is_no_truth_value_is_refused()
    {
        var chain = Chain(new() { CompleteColumn = "Question" });
        var fault = Assert.ThrowsExactly<PipelineException>(() => Transform(chain, Trace("a", Lines3)).Preview());
        Assert.AreEqual(ErrorCode.TypeMismatch, fault.Code);
        Assert.Contains("Column 'Question' (completeColumn)", fault.Message);
    }

    [TestMethod]
    public void A_steps_column_that_a_count_would_hide_is_refused()
    {
        var fault = Assert.ThrowsExactly<PipelineException>(() => Sets.PruneByPerplexity("Pruned", "steps", _scorer));
        Assert.AreEqual(ErrorCode.Configuration, fault.Code);
        Assert.Contains("two columns named 'steps'", fault.Message);
    }

    [TestMethod]
    public void A_text_that_changed_after_segmentation_is_refused()
    {
        var chain = Sets.SegmentSteps("Steps", "Reasoning", new Lines())
            .Append(_ml.Transforms.CustomMapping<Text, Text>((row, made) => made.Reasoning = row.Reasoning.Trim(), null))
            .Append(Sets.PruneByPerplexity("Pruned", "Steps", _scorer));
        var fault = Assert.ThrowsExactly<PipelineException>(() => Rows<PrunedTrace>(chain, Trace("a", Lines3)));
        Assert.AreEqual(ErrorCode.Configuration, fault.Code);
    }

    [TestMethod]
    public void A_segmenter_that_loses_text_is_an_invariant_fault()
    {
        var chain = Sets.SegmentSteps("Steps", "Reasoning", new HalfSegmenter());
        var fault = Assert.ThrowsExactly<PipelineException>(() => Transform(chain, Trace("a", Lines3)).Preview());
        Assert.AreEqual(ErrorCode.Invariant, fault.Code);
    }

    [TestMethod]
    public void The_shape_of_a_chain_has_all_columns_of_its_data()
    {
        var data = _ml.Data.LoadFromEnumerable([Trace("a", Lines3)]);
        var chain = Chain(new()).Append(Sets.FormatMessages("messages"));
        var shape = chain.GetOutputSchema(Shape(data.Schema)).Select(column => column.Name);
        var columns = Columns.Names(chain.Fit(data).Transform(data).Schema);
        Assert.IsEmpty(columns.Except(shape));
    }

    [TestMethod]
    public void Null_completeness_is_not_cut_off()
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, """
            {"id":"a","question":"q","reasoning":"P: x\nP: 42\n","answer":"42","complete":null}
            {"id":"b","question":"q","reasoning":"P: x\nP: 42\n","answer":"42","complete":false}
            """);
        var chain = Sets.SegmentSteps("Steps", null, new Lines()).Append(Sets.PruneByPerplexity("Pruned", "Steps", _scorer));
        var data = _ml.Data.LoadFromJsonLines(path);
        chain.Fit(data).Transform(data).Preview();
        File.Delete(path);
        Assert.AreSequenceEqual(["prune b cut-off"], Left);
    }

    private EstimatorChain<ITransformer> Chain(PruningOptions options) => new EstimatorChain<ITransformer>()
        .Append(Sets.SegmentSteps("Steps", "Reasoning", new Lines()))
        .Append(Sets.ClassifySteps("Steps", classifier: new Lines()))
        .Append<ITransformer>(Sets.PruneByPerplexity("Pruned", "Steps", _scorer, options));

    private IDataView Transform(IEstimator<ITransformer> chain, params TraceRow[] rows)
    {
        var data = _ml.Data.LoadFromEnumerable(rows);
        return chain.Fit(data).Transform(data);
    }

    private IReadOnlyList<T> Rows<T>(IEstimator<ITransformer> chain, params TraceRow[] rows) where T : class, new() =>
        [.. _ml.Data.CreateEnumerable<T>(Transform(chain, rows), reuseRowObject: false)];

    private static TraceRow Trace(string id, params string[] lines) =>
        new() { Id = id, Reasoning = string.Concat(lines.Select(line => line + "\n")), Solution = "Done: 42" };

    private static SchemaShape Shape(DataViewSchema schema) =>
        new(schema.Select(column => ML.Pipelines.Stages.SchemaShapes.Column(column.Name, column.Type)));

    private static IEnumerable<string> Names(DataViewSchema schema, string name) =>
        schema.Select(column => column.Name).Where(other => string.Equals(other, name, StringComparison.OrdinalIgnoreCase));

    private sealed class HalfSegmenter : ML.Pipelines.Text.IStepSegmenter
    {
        public ValueTask<IReadOnlyList<ML.Pipelines.Text.TextSpan>> SegmentAsync(string reasoning, CancellationToken cancellationToken = default) =>
            new([new(0, reasoning.Length / 2)]);
    }

    private sealed class Count
    {
        [Steps]
        public IReadOnlyList<ReasoningStep> Steps { get; set; } = [];
    }

    private sealed class CountOut
    {
        public int StepCount { get; set; }
    }

    private sealed class Shout
    {
        public string Question { get; set; } = "";
    }

    private sealed class Text
    {
        public string Reasoning { get; set; } = "";
    }

    private sealed class Formatted
    {
        public int StepCount { get; set; }

        [Messages]
        public IReadOnlyList<Message> messages { get; set; } = [];
    }
}
