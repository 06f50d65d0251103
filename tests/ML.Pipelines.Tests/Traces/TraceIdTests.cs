using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Traces;

namespace ML.Pipelines.Tests.Traces;

[TestClass]
public sealed class TraceIdTests : IDisposable
{
    private readonly TraceData _data = new();

    public void Dispose() => _data.Dispose();

    [TestMethod]
    public void A_row_without_an_id_gets_a_hash_of_its_content_whatever_the_order_of_its_columns()
    {
        // printf '\x04\0\0\0x+\xc3\xa9\x01\0\0\0r\xff\xff\xff\xff\x01\0\0\0a' | sha256sum
        const string Golden = "h-d6cd32d5bdae7b291cd64346e2d91468";
        Assert.AreEqual(Golden, _data.Trace("""{"question":"x+é","reasoning":"r","answer":"a"}""").Id);
        Assert.AreEqual(Golden, _data.Trace("""{"answer":"a","solution":null,"reasoning":"r","id":"","question":"x+é"}""").Id);
        Assert.AreEqual(Golden, _data.Trace("""{"answer":"a","tag":1,"id":null,"solution":"r","question":"x+é"}""").Id);
    }

    [TestMethod]
    public void Content_that_is_parted_elsewhere_has_another_id() => Assert.AreNotEqual(
        ContentId.Of(new() { Id = "", Question = "ab", Reasoning = "c" }), ContentId.Of(new() { Id = "", Question = "a", Reasoning = "bc" }));

    [TestMethod]
    public void Rows_without_question_or_reasoning_go_to_quarantine_under_their_id()
    {
        var traces = _data.Traces(_data.Load(
            """{"id":"a","question":" ","reasoning":"r"}""", """{"id":"b","question":"q","reasoning":"\n"}""", """{"id":"c","question":"q","reasoning":"r"}"""));
        Assert.AreEqual("c", traces.Single().Id);
        CollectionAssert.AreEqual(new[] { ("a", ErrorCode.EmptyQuestion), ("b", ErrorCode.EmptyReasoning) },
            _data.Rejects.Rows.Values.Select(reject => (reject.Row.RowId, reject.Error.Code)).ToArray());
        Assert.IsTrue(_data.Rejects.Rows.Values.All(reject => reject.Row.Stage == "adapt-traces"));
    }

    [TestMethod]
    public void The_first_row_with_an_id_stays_and_later_ones_name_it()
    {
        var traces = _data.Traces(_data.Load(Rows("a", "b", "a", "c", "a")));
        CollectionAssert.AreEqual(new[] { "a", "b", "c" }, traces.ConvertAll(trace => trace.Id));
        CollectionAssert.AreEqual(new ulong[] { 2, 4 }, _data.Rejects.Rows.Keys.Select(row => row.Low).ToArray());
        foreach (var (row, error) in _data.Rejects.Rows.Values)
        {
            Assert.AreEqual(("a", ErrorCode.DuplicateId), (row.RowId, error.Code));
            Assert.Contains("row 0", error.Message);
        }
    }

    [TestMethod]
    public void A_bad_row_does_not_take_the_id_of_a_good_one()
    {
        var traces = _data.Traces(_data.Load("""{"id":"a","question":"q","reasoning":""}""", """{"id":"a","question":"q","reasoning":"r"}"""));
        Assert.AreEqual("a", traces.Single().Id);
        Assert.AreEqual(ErrorCode.EmptyReasoning, _data.Rejects.Only.Error.Code);
    }

    [TestMethod]
    public void Fitting_reports_no_row()
    {
        _data.Adapter().Fit(_data.Load(Rows("a", "a")));
        Assert.IsEmpty(_data.Rejects.Rows);
    }

    [TestMethod]
    public void Slices_decide_as_the_whole_does_whatever_their_order()
    {
        var data = _data.Load(Rows("a", "b", "a", "c", "b", "d"));
        var fitted = _data.Adapter().Fit(data);
        var last = TraceData.Read(fitted.Transform(data.Slice(3, 3)));
        var first = TraceData.Read(fitted.Transform(data.Slice(0, 3)));
        CollectionAssert.AreEqual(TraceData.Read(fitted.Transform(data)), first.Concat(last).ToList());
        CollectionAssert.AreEquivalent(new ulong[] { 2, 4 }, _data.Rejects.Rows.Keys.Select(row => row.Low).ToArray());
    }

    [TestMethod]
    public void Reading_twice_gives_the_same()
    {
        var data = _data.Load(Rows("a", "b", "a"));
        var view = _data.Adapt(data);
        CollectionAssert.AreEqual(TraceData.Read(view), TraceData.Read(view));
    }

    [TestMethod]
    public void Rows_in_are_rows_kept_and_rows_in_quarantine() => FsCheck.Fluent.Prop.ForAll(RandomRows, rows =>
    {
        var (context, rejects) = (new MLContext(1), new Rejects());
        var data = context.Data.LoadFromEnumerable(rows);
        var kept = TraceData.Read(context.TrainingSets(rejects).AdaptTraces().Fit(data).Transform(data));
        return kept.Count + rejects.Rows.Count == rows.Length
            && kept.Select(trace => trace.Id).Distinct().Count() == kept.Count
            && kept.All(trace => rows.Any(row => row.Reasoning == trace.Reasoning && row.Question == trace.Question))
            && rows.Where(row => row.IsGood).All(row => row.Id.Length == 0 || kept.Any(trace => trace.Id == row.Id));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    private static Arbitrary<TextRow[]> RandomRows
    {
        get
        {
            var text = Gen.Elements("", " ", "\n", "Two.", "Deux <think>", "a");
            var row = from id in Gen.Elements("", "1", "2", "3")
                      from question in text
                      from reasoning in text
                      select new TextRow { Id = id, Question = question, Reasoning = reasoning };
            return row.ListOf().Select(rows => rows.ToArray()).ToArbitrary();
        }
    }

    private static string[] Rows(params string[] ids) => [.. ids.Select((id, i) => $$"""{"id":"{{id}}","question":"q{{i}}","reasoning":"r"}""")];

    private sealed class TextRow
    {
        [ColumnName("id")]
        public string Id { get; set; } = "";

        [ColumnName("question")]
        public string Question { get; set; } = "";

        [ColumnName("reasoning")]
        public string Reasoning { get; set; } = "";

        [NoColumn]
        public bool IsGood => !string.IsNullOrWhiteSpace(Question) && !string.IsNullOrWhiteSpace(Reasoning);
    }
}
