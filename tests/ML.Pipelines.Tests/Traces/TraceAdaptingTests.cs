using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;
using ML.Pipelines.Traces;

namespace ML.Pipelines.Tests.Traces;

[TestClass]
public sealed class TraceAdaptingTests : IDisposable
{
    private readonly TraceData _data = new();

    public void Dispose() => _data.Dispose();

    [TestMethod]
    public void A_trace_cut_off_by_its_budget_is_kept_and_not_complete()
    {
        var trace = _data.Trace("""{"question":"2+2?","response":"<think>\nTwo and","answer":"4"}""");
        Assert.AreEqual(("Two and", false), (trace.Reasoning, trace.Complete));
        Assert.IsNull(trace.Solution);
    }

    [TestMethod]
    [DataRow("length", false)]
    [DataRow("stop", true)]
    public void A_finish_reason_says_whether_a_trace_is_complete_and_rides_along(string reason, bool complete)
    {
        var view = _data.Adapt(_data.Load($$"""{"question":"2+2?","reasoning":"Two and","finish_reason":"{{reason}}"}"""));
        Assert.AreEqual(complete, TraceData.Read(view).Single().Complete);
        Assert.Contains("finish_reason", TraceData.ColumnNames(view));
    }

    [TestMethod]
    public void An_override_takes_the_place_of_the_schemas_expression()
    {
        var trace = _data.Trace(
            """{"question":"2+2?","solution":"Two.","answer":"four","gold":"It is \\boxed{4}."}""", Map(("answer", "gold:answer")));
        Assert.AreEqual("4", trace.Answer);
    }

    [TestMethod]
    public void An_override_may_take_the_first_of_a_list_and_then_its_thought()
    {
        var trace = _data.Trace("""{"q":"2+2?","generations":["<think>\nA\n</think>\nB","C"]}""",
            Map(("question", "q"), ("reasoning", "generations:first:thought"), ("solution", "generations:first:solution")));
        Assert.AreEqual(("A", "B"), (trace.Reasoning, trace.Solution));
    }

    [TestMethod]
    public void A_list_whose_first_element_a_map_asks_for_rides_along()
    {
        var map = Map(("question", "question"), ("reasoning", "chains:first"));
        var view = _data.Adapt(_data.Load("""{"question":"2+2?","chains":["A","B"]}"""), map);
        Assert.Contains("chains", TraceData.ColumnNames(view));
    }

    [TestMethod]
    public void An_empty_override_leaves_its_field_empty() => Assert.IsNull(_data.Trace(
        """{"messages":[{"role":"user","content":"2+2?"},{"role":"assistant","content":"<think>T</think>The answer is: 4."}]}""", Map(("answer", ""))).Answer);

    [TestMethod]
    public void With_question_and_reasoning_named_no_schema_is_needed()
    {
        var options = Map(("question", "prompt"), ("reasoning", "cot"));
        var view = _data.Load("""{"prompt":"2+2?","cot":"Two.","answer":4}""");
        Assert.IsNull(_data.Adapter(options).MappingFor(view.Schema).Schema);
        Assert.AreEqual("4", _data.Traces(view, options).Single().Answer);
    }

    [TestMethod]
    public void An_alternative_counts_where_the_one_before_is_null_in_the_row()
    {
        const string Turns = """[{"role":"user","content":"2+2?"},{"role":"assistant","content":"<think>T</think>The answer is: 4."}]""";
        var traces = _data.Traces(_data.Load($$"""{"answer":null,"messages":{{Turns}}}""", $$"""{"answer":"four","messages":{{Turns}}}"""));
        CollectionAssert.AreEqual(new[] { "4", "four" }, traces.ConvertAll(trace => trace.Answer));
    }

    [TestMethod]
    public void The_id_column_may_hold_integers() =>
        Assert.AreEqual("41", _data.Trace("""{"nr":41,"question":"2+2?","reasoning":"Two."}""", new() { IdColumn = "nr" }).Id);

    [TestMethod]
    public void A_given_source_is_the_source_of_all_rows() =>
        Assert.AreEqual("mine", _data.Trace("""{"source":"theirs","question":"2+2?","reasoning":"Two."}""", new() { Source = "mine" }).Source);

    [TestMethod]
    public void Names_that_differ_in_case_are_found() =>
        Assert.AreEqual("4", _data.Trace("""{"Question":"2+2?","Response":"Two.","Answer":"4"}""").Answer);

    [TestMethod]
    public void Other_columns_ride_along_with_their_nulls()
    {
        var view = _data.Adapt(_data.Load(
            """{"question":"a","solution":"b","answer":"c","score":null,"tags":["x",null],"meta":{"k":1},"turns":[{"a":1,"b":"y"}]}""",
            """{"question":"d","solution":"e","answer":"f","score":1.5,"tags":null,"meta":null,"turns":[]}"""));
        CollectionAssert.AreEqual(new[] { true, false }, TraceData.Values<bool>(view, "score.null"));
        CollectionAssert.AreEqual(new[] { 0, 1.5 }, TraceData.Values<double>(view, "score"));
        var tags = Row<VBuffer<ReadOnlyMemory<char>>>(view, "tags").DenseValues().Select(text => text.ToString());
        CollectionAssert.AreEqual(new[] { "x", "" }, tags.ToArray());
        CollectionAssert.AreEqual(new[] { false, true }, Row<VBuffer<bool>>(view, "tags.null").DenseValues().ToArray());
        Assert.AreEqual(new StructValue(1L), Row<StructValue>(view, "meta"));
        Assert.AreEqual(new StructValue(1L, "y"), Row<IReadOnlyList<StructValue?>>(view, "turns").Single());
    }

    [TestMethod]
    public void Columns_that_no_schema_fits_are_answered_with_what_was_found_and_what_is_known()
    {
        var fault = _data.Fault("""{"prompt":"2+2?","completion":"4"}""");
        Assert.AreEqual(ErrorCode.UnknownSchema, fault.Code);
        Assert.Contains("prompt, completion", fault.Message);
        Assert.Contains("limo (question, solution, answer)", fault.Message);
        Assert.Contains("Map", fault.Message);
    }

    [TestMethod]
    public void Columns_that_two_schemas_fit_are_ambiguous_until_one_is_named()
    {
        const string Row = """{"question":"2+2?","solution":"Two.","response":"<think>Deux.</think>4","answer":"4"}""";
        var fault = _data.Fault(Row);
        Assert.AreEqual(ErrorCode.UnknownSchema, fault.Code);
        Assert.Contains("Several row schemas fit", fault.Message);
        Assert.Contains("limo (", fault.Message);
        Assert.Contains("question-response-answer (", fault.Message);
        Assert.AreEqual("Two.", _data.Trace(Row, new() { Schema = "limo" }).Reasoning);
    }

    [TestMethod]
    public void A_conversation_beside_a_solution_that_may_not_be_its_own_is_ambiguous() => Assert.AreEqual(ErrorCode.UnknownSchema, _data.Fault(
        """{"source":"s","problem":"2+2?","solution":"4","messages":[{"role":"user","content":"a"}],"conversations":[{"from":"user","value":"a"}]}""").Code);

    [TestMethod]
    [DataRow("""{"question":"2+2?","solution":["Two."],"answer":"4"}""", "'solution'", "Vector<String>", "solution:first")]
    [DataRow("""{"question":"2+2?","solution":"Two.","answer":4.5}""", "'answer'", "Double", "text or an integer")]
    [DataRow("""{"question":7,"solution":"Two.","answer":"4"}""", "'question'", "Int64", "expected text")]
    [DataRow("""{"messages":"<think>Two.</think>"}""", "'messages'", "String", "a list of turns")]
    [DataRow("""{"id":[1],"question":"2+2?","reasoning":"Two."}""", "'id'", "Vector<Int64>", "Map[\"id\"]")]
    public void A_column_of_a_wrong_type_is_named_with_both_types_and_the_option(string row, string column, string found, string more)
    {
        var fault = _data.Fault(row);
        Assert.AreEqual(ErrorCode.TypeMismatch, fault.Code);
        foreach (var part in (string[])[column, found, more, "Map["]) Assert.Contains(part, fault.Message);
    }

    [TestMethod]
    public void A_role_of_a_text_column_is_a_mismatch()
    {
        var fault = _data.Fault("""{"question":"2+2?","reasoning":"Two."}""", Map(("answer", "reasoning.assistant")));
        Assert.AreEqual(ErrorCode.TypeMismatch, fault.Code);
        Assert.Contains("Map[\"answer\"]", fault.Message);
    }

    [TestMethod]
    public void A_column_that_an_option_names_and_that_is_not_there_is_missing()
    {
        const string Row = """{"question":"2+2?","reasoning":"Two."}""";
        var byMap = _data.Fault(Row, Map(("answer", "gold")));
        Assert.AreEqual(ErrorCode.MissingColumn, byMap.Code);
        Assert.Contains("'gold' (Map[\"answer\"])", byMap.Message);
        var byId = _data.Fault(Row, new() { IdColumn = "uuid" });
        Assert.AreEqual(ErrorCode.MissingColumn, byId.Code);
        Assert.Contains("'uuid' (IdColumn)", byId.Message);
        var bySchema = _data.Fault(Row, new() { Schema = "limo" });
        Assert.AreEqual(ErrorCode.MissingColumn, bySchema.Code);
        Assert.Contains("row schema 'limo'", bySchema.Message);
    }

    [TestMethod]
    public void Options_that_mean_nothing_are_refused()
    {
        const string Row = """{"question":"2+2?","reasoning":"Two."}""";
        Assert.AreEqual(ErrorCode.Configuration, _data.Fault(Row, Map(("anwser", "gold"))).Code);
        Assert.AreEqual(ErrorCode.Configuration, _data.Fault(Row, Map(("reasoning", ""))).Code);
        Assert.AreEqual(ErrorCode.Configuration, _data.Fault(Row, Map(("id", "question")) with { IdColumn = "question" }).Code);
        Assert.AreEqual(ErrorCode.Configuration, _data.Fault(Row, Map(("source", "question")) with { Source = "mine" }).Code);
        Assert.AreEqual(ErrorCode.UnknownSchema, _data.Fault(Row, new() { Schema = "pir" }).Code);
        Assert.AreEqual(ErrorCode.UnknownSchema, _data.Fault(Row, new() { Schema = "nope" }).Code);
    }

    [TestMethod]
    public void A_column_that_would_be_lost_unread_is_an_error()
    {
        const string Row = """{"question":"2+2?","response":"<think>a</think>b","answer":"4","solution":"reference"}""";
        var fault = _data.Fault(Row, new() { Schema = "question-response-answer" });
        Assert.AreEqual(ErrorCode.Configuration, fault.Code);
        Assert.Contains("'solution' would be replaced", fault.Message);
        var options = new TraceOptions { Schema = "question-response-answer", Map = new Dictionary<string, string> { ["solution"] = "solution" } };
        Assert.AreEqual("reference", _data.Trace(Row, options).Solution);
    }

    [TestMethod]
    public void Faults_of_the_schema_come_before_any_row_is_read()
    {
        var data = _data.Load("""{"question":7,"solution":"Two.","answer":"4"}""");
        var good = _data.Load("""{"question":"2+2?","solution":"Two.","answer":"4"}""");
        var chain = new EstimatorChain<ITransformer>().Append(_data.Adapter());
        Assert.ThrowsExactly<PipelineException>(() => chain.Fit(data));
        var fitted = _data.Adapter().Fit(good);
        Assert.ThrowsExactly<PipelineException>(() => fitted.GetOutputSchema(data.Schema));
        Assert.ThrowsExactly<PipelineException>(() => fitted.Transform(data));
    }

    [TestMethod]
    public void A_fitted_transformer_does_not_take_other_data_for_another_schema()
    {
        var fitted = _data.Adapter().Fit(_data.Load("""{"question":"2+2?","solution":"Two.","answer":"4"}"""));
        var other = _data.Load("""{"question":"2+2?","response":"Two.","answer":"4"}""");
        Assert.AreEqual(ErrorCode.MissingColumn, Assert.ThrowsExactly<PipelineException>(() => fitted.Transform(other)).Code);
    }

    [TestMethod]
    public void The_shape_says_what_the_schema_will_be()
    {
        var data = _data.Load("""{"question":"2+2?","response":"Two.","answer":"4","tags":["x"],"score":1}""");
        var view = new EstimatorChain<ITransformer>().Append(_data.Adapter()).Append(_data.Adapter()).Fit(data).Transform(data);
        CollectionAssert.AreEquivalent(TraceColumns.All.Concat(["tags", "score"]).ToArray(), TraceData.ColumnNames(view));
    }

    private static T Row<T>(IDataView view, string column)
    {
        using var cursor = view.GetRowCursor([view.Schema[column]]);
        Assert.IsTrue(cursor.MoveNext());
        return Columns.Value<T>(cursor, view.Schema[column])();
    }

    private static TraceOptions Map(params (string Field, string Expression)[] map) =>
        new() { Map = map.ToDictionary(entry => entry.Field, entry => entry.Expression) };
}
