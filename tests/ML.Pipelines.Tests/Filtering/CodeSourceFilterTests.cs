using ML.Pipelines.Filtering;
using ML.Pipelines.Tests.Data;

namespace ML.Pipelines.Tests.Filtering;

[TestClass]
public sealed class CodeSourceFilterTests : FileTest
{
    private static readonly string Long = new('x', 200);

    [TestMethod]
    [DataRow("", true, "OK", null)]
    [DataRow(" see https://a.b", true, "OK", null)]
    [DataRow(" see http://a.b", true, "OK", "holds-link")]
    [DataRow(" see HTTP://a.b", true, "OK", "holds-link")]
    [DataRow(" [image]", true, "OK", "mentions-image")]
    [DataRow(" [Image] http://a", true, "OK", "holds-link")]
    [DataRow("", false, "OK", "no-tests")]
    [DataRow("", true, "WRONG_ANSWER", "wrong-verdict")]
    [DataRow("", true, "ok", "wrong-verdict")]
    [DataRow("", true, null, "wrong-verdict")]
    public void A_problem_is_dropped_by_the_first_rule_that_it_breaks(string more, bool hasTests, string? verdict, string? reason) =>
        Assert.AreEqual(reason, CodeSourceFilter.DropReason(Long + more, hasTests, verdict));

    [TestMethod]
    public void A_description_has_at_least_200_code_points()
    {
        Assert.IsNull(CodeSourceFilter.DropReason(string.Concat(Enumerable.Repeat("🦆", 200)), true, "OK"));
        Assert.AreEqual("short-description", CodeSourceFilter.DropReason(string.Concat(Enumerable.Repeat("🦆", 199)), true, "OK"));
    }

    [TestMethod]
    [DataRow("""[{"input":"1","output":"2"}]""", 1)]
    [DataRow("[]", 0)]
    [DataRow("null", 0)]
    [DataRow("""["assert f(1) == 2"]""", 1)]
    [DataRow("""[" "]""", 0)]
    [DataRow("\"[[1, 2]]\"", 1)]
    [DataRow("\" [] \"", 0)]
    [DataRow("\"{}\"", 0)]
    public void Tests_are_a_list_of_texts_or_structs_or_a_text(string tests, int kept)
    {
        var data = Load($$"""{"id":"a","description":"{{Long}}","test_cases":{{tests}},"verdict":"OK"}""", Typed(tests));
        var view = ML.TrainingSets(Rejects).FilterCodeSources().Fit(data).Transform(data);
        Assert.HasCount(kept, RowText.Of(view, "id"));
        var reasons = Rejects.DroppedRows.Where(row => row.Row.RowId == "a").Select(row => row.Reason);
        Assert.AreEqual(kept == 0 ? "no-tests" : null, reasons.SingleOrDefault());
    }

    [TestMethod]
    public void A_missing_column_is_named_with_its_option()
    {
        var data = Load("""{"description":"d","test_cases":"t"}""");
        var fault = Throws(ErrorCode.MissingColumn, () => ML.TrainingSets().FilterCodeSources().Fit(data).Transform(data));
        Assert.StartsWith("Column 'verdict' (verdictColumn) is not there.", fault.Message);
    }

    // A second row, which is dropped before its tests are looked at, gives the column a type where the first has an empty list.
    private static string Typed(string tests)
    {
        var typed = tests is "[]" or "null" ? "[\"t\"]" : tests;
        return $$"""{"id":"b","description":"d","test_cases":{{typed}},"verdict":"OK"}""";
    }
}
