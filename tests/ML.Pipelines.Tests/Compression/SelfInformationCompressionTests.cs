using Microsoft.ML;
using ML.Pipelines.Compression;
using ML.Pipelines.Tests.Data;

namespace ML.Pipelines.Tests.Compression;

[TestClass]
public sealed class SelfInformationCompressionTests : FileTest
{
    private readonly FakeWordScorer _scorer = new();

    [TestMethod]
    public void Chains_are_compressed_with_their_evidence_and_other_columns_ride_along()
    {
        var view = Compress(new() { Rate = .4 }, """{"id":"a","question":"q","reasoning":"a bb cccc ddd eeeee","other":1}""");
        Assert.AreEqual("'a', 'q', 'a bb cccc ddd eeeee', 1, 'cccc ddd eeeee', 0.4, 0.4, 5, 3, 19, 14, null, null, null", Text(view,
            "id", "question", "reasoning", "other", "short", "rate", "achieved_rate", "words_before", "words_after", "tokens_before",
            "tokens_after", "answer_nll_before", "answer_nll_after", "compression_note"));
        var row = ML.Data.CreateEnumerable<Evidence>(view, reuseRowObject: false).Single();
        Assert.AreSequenceEqual([new DroppedSpan(0, 4, 2, 3, null)], row.dropped);
    }

    [TestMethod]
    public void The_answer_column_makes_the_cut_answer_aware()
    {
        var view = Compress(new() { Rate = .6 }, """{"question":"q","reasoning":"ax bb ccccx dddddddd eeeeeeeee","answer":"42"}""");
        Assert.AreEqual("'ax ccccx', 9.8, 9.8", Text(view, "short", "answer_nll_before", "answer_nll_after"));
    }

    [TestMethod]
    public void A_null_answer_is_none()
    {
        var view = Compress(new() { Rate = .6 }, """{"question":"q","reasoning":"ax bb ccccx dddddddd eeeeeeeee","answer":null}""");
        Assert.AreEqual("'dddddddd eeeeeeeee', null", Text(view, "short", "answer_nll_after"));
    }

    [TestMethod]
    [DataRow("\"bb\"", "bb")]
    [DataRow("[\"bb\",\"cccc\"]", "bb cccc")]
    [DataRow("null", "eeeee")]
    public void Phrases_of_a_column_stay(string phrases, string kept)
    {
        var options = new CompressionOptions { Rate = .8, ProtectedColumn = "keep" };
        var view = Compress(options, $$"""{"question":"q","reasoning":"a bb cccc ddd eeeee","keep":{{phrases}}}""");
        Assert.AreEqual($"'{kept}'", Text(view, "short"));
    }

    [TestMethod]
    public void A_chain_that_cannot_be_scored_is_quarantined_under_its_id()
    {
        var view = Compress(new(), """{"id":"a","question":"q","reasoning":"a bb ☠ ccc"}""",
            """{"id":"b","question":"q","reasoning":"a bb"}""");
        Assert.HasCount(1, RowText.Of(view));
        var (row, error) = Rejects.QuarantinedRows.Single();
        Assert.AreEqual(("compress", "a", ErrorCode.TokenOutOfRange), (row.Stage, row.RowId, error.Code));
    }

    [TestMethod]
    [DataRow("question", "questionColumn")]
    [DataRow("reasoning", "inputColumnName")]
    [DataRow("keep", "protectedColumn")]
    public void A_missing_column_is_named_with_its_option(string missing, string option)
    {
        var data = Load("""{"question":"q","reasoning":"r","keep":"k"}""");
        var chain = ML.Transforms.DropColumns(missing).Append(Estimator(new() { ProtectedColumn = "keep" }));
        var fault = Throws(ErrorCode.MissingColumn, () => chain.Fit(data).Transform(data));
        Assert.StartsWith($"Column '{missing}' ({option}) is not there.", fault.Message);
    }

    [TestMethod]
    public void Evidence_of_an_earlier_stage_is_not_overwritten() =>
        Throws(ErrorCode.Configuration, () => Compress(new(), """{"question":"q","reasoning":"r","tokens_before":1}"""));

    [TestMethod]
    public void An_output_named_like_evidence_is_refused() =>
        Throws(ErrorCode.Configuration, () => ML.TrainingSets().CompressBySelfInformation("dropped", null, _scorer));

    private SelfInformationCompressionEstimator Estimator(CompressionOptions options) =>
        ML.TrainingSets(Rejects).CompressBySelfInformation("short", null, _scorer, options);

    private IDataView Compress(CompressionOptions options, params string[] lines)
    {
        var data = Load(lines);
        return Estimator(options).Fit(data).Transform(data);
    }

    private static string Text(IDataView view, params string[] names) => RowText.Of(view, names).Single();

    private sealed class Evidence
    {
        [DroppedSpans]
        public IReadOnlyList<DroppedSpan> dropped { get; set; } = [];
    }
}
