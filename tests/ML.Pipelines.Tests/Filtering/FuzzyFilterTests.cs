using ML.Pipelines.Data;
using ML.Pipelines.Filtering;
using ML.Pipelines.Stages;
using ML.Pipelines.Tests.Data;

namespace ML.Pipelines.Tests.Filtering;

[TestClass]
public sealed class FuzzyFilterTests : FileTest
{
    private const string Question = "How many eggs does Janet sell at the market on a Monday in May?";

    [TestMethod]
    public void The_first_of_each_cluster_stays_with_all_its_columns()
    {
        var data = Load(
            Row("a", Question), Row("b", Question + "?"), Row("c", "Another question altogether, of other words."), Row("d", Question));
        var view = ML.TrainingSets(Rejects).DeduplicateFuzzily("question").Fit(data).Transform(data);
        Assert.AreSequenceEqual(["'a', '" + Question + "'", "'c', 'Another question altogether, of other words.'"], RowText.Of(view));
        Assert.AreSequenceEqual(
            ["deduplicate b near-duplicate", "deduplicate d near-duplicate"],
            Rejects.DroppedRows.Select(left => $"{left.Row.Stage} {left.Row.RowId} {left.Reason}"));
    }

    [TestMethod]
    public void A_row_that_is_like_a_dropped_one_alone_stays()
    {
        // A chain of texts, each above 91 to its neighbours, the ends below.
        var (first, middle, last) = ("aaaaaaaaaaaaaaaaaaab", "aaaaaaaaaaaaaaaaaaaab", "aaaaaaaaaaaaaaaaaaaaabaa");
        var data = Load(Row("a", first), Row("b", middle), Row("c", last));
        Assert.IsGreaterThan(91, FuzzyFilters.Ratio(middle, last));
        Assert.IsLessThan(91, FuzzyFilters.Ratio(first, last));
        var view = ML.TrainingSets(Rejects).DeduplicateFuzzily("question", new() { Ratio = 91 }).Fit(data).Transform(data);
        Assert.AreSequenceEqual(["'a'", "'c'"], RowText.Of(view, "id"));
    }

    [TestMethod]
    public void What_was_fitted_decides_for_a_slice_that_holds_the_duplicate_alone()
    {
        var whole = Load(Row("a", Question), Row("b", Question + "?"));
        var fitted = ML.TrainingSets(Rejects).DeduplicateFuzzily("question").Fit(whole);
        var slice = ML.Data.LoadFromJsonLines(Write("slice.jsonl", Row("b", Question + "?")));
        Assert.IsEmpty(RowText.Of(fitted.Transform(slice)));
    }

    [TestMethod]
    public void A_run_learns_duplicates_once_and_takes_them_from_its_plan()
    {
        var parameters = new FittedParameters { Learning = true };
        var sets = new TrainingSetsCatalog(ML, new StageContext(Rejects, parameters));
        sets.DeduplicateFuzzily("question").Fit(Load(Row("a", Question), Row("b", Question)));
        Assert.AreSequenceEqual(["deduplicate.question"], parameters.Values.Keys);
        var resumed = new FittedParameters();
        resumed.Load(parameters.Values);
        var slice = Load(Row("b", Question), Row("c", Question));
        var later = new TrainingSetsCatalog(ML, new StageContext(Rejects, resumed));
        var view = later.DeduplicateFuzzily("question").Fit(slice).Transform(slice);
        Assert.AreSequenceEqual(["'c'"], RowText.Of(view, "id"));
    }

    [TestMethod]
    public void Rows_of_one_id_cannot_be_deduplicated()
    {
        var data = Load(Row("a", Question), Row("a", "other"));
        var fault = Throws(ErrorCode.DuplicateId, () => ML.TrainingSets(Rejects).DeduplicateFuzzily("question").Fit(data));
        Assert.StartsWith("Two rows have the id 'a'", fault.Message);
    }

    [TestMethod]
    public void Rows_that_are_like_a_reference_are_dropped()
    {
        var path = Write("references.jsonl", """{"problem":"Something else."}""" + "\n\n" + $$"""{"problem":"{{Question}}"}""" + "\n");
        var data = Load(Row("a", Question + "!"), Row("b", "A question of its own."));
        var references = FuzzyFilters.ReadReferences(path, "problem");
        var view = ML.TrainingSets(Rejects).Decontaminate("question", references).Fit(data).Transform(data);
        Assert.AreSequenceEqual(["'b'"], RowText.Of(view, "id"));
        Assert.AreSequenceEqual(["contaminated"], Rejects.DroppedRows.Select(left => left.Reason));
    }

    [TestMethod]
    [DataRow("""{"other":"x"}""", ErrorCode.MissingColumn)]
    [DataRow("""{"problem":5}""", ErrorCode.MissingColumn)]
    [DataRow("""["problem"]""", ErrorCode.MissingColumn)]
    [DataRow("""{"problem":""", ErrorCode.InvalidJson)]
    public void A_wrong_line_of_references_is_named(string line, string code)
    {
        var path = Write("references.jsonl", """{"problem":null}""" + "\n" + line);
        Assert.Contains("references.jsonl, line 2", Throws(code, () => FuzzyFilters.ReadReferences(path, "problem")).Message);
    }

    [TestMethod]
    public void References_that_are_not_there_are_a_fault() =>
        Throws(ErrorCode.FileNotFound, () => FuzzyFilters.ReadReferences(Path.Combine(Folder, "none.jsonl"), "problem"));

    [TestMethod]
    [DataRow(0)]
    [DataRow(101)]
    public void A_ratio_out_of_range_is_refused(int ratio) =>
        Throws(ErrorCode.Configuration, () => ML.TrainingSets().DeduplicateFuzzily("question", new() { Ratio = ratio }));

    [TestMethod]
    public void A_missing_column_is_named_with_its_option()
    {
        var data = Load(Row("a", "q"));
        var fault = Throws(ErrorCode.MissingColumn, () => ML.TrainingSets().Decontaminate("problem", []).Fit(data).Transform(data));
        Assert.StartsWith("Column 'problem' (inputColumnName) is not there.", fault.Message);
    }

    private static string Row(string id, string question) => $$"""{"id":"{{id}}","question":"{{question}}"}""";
}
