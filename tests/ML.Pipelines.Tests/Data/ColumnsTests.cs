using ML.Pipelines.Data;

namespace ML.Pipelines.Tests.Data;

[TestClass]
public sealed class ColumnsTests : FileTest
{
    [TestMethod]
    public void An_exact_name_wins_over_one_that_differs_in_case() =>
        Assert.AreEqual("text", Columns.Get(Load("""{"TEXT": 1, "text": 2}""").Schema, "text", "option").Name);

    [TestMethod]
    public void The_only_name_that_differs_in_case_is_found() =>
        Assert.AreEqual("Text", Columns.Get(Load("""{"Text": 1}""").Schema, "tEXT", "option").Name);

    [TestMethod]
    public void Two_names_that_differ_in_case_are_ambiguous() => Assert.IsNull(Columns.Find(Load("""{"TEXT": 1, "text": 2}""").Schema, "Text"));

    [TestMethod]
    public void A_missing_column_is_named_with_its_option_and_the_data_columns_there()
    {
        var schema = Load("""{"a": 1, "b": null}""").Schema;
        var fault = Throws(ErrorCode.MissingColumn, () => Columns.Get(schema, "c", "input.column"));
        Assert.AreEqual("Column 'c' (input.column) is not there. Columns: a, b. Name the right one in input.column.", fault.Message);
    }

    [TestMethod]
    public void A_column_of_another_type_is_refused_with_both_types()
    {
        var column = Load("""{"a": 1}""").Schema["a"];
        Assert.AreEqual(column.Index, Columns.Require<long>(column, "option").Index);
        StringAssert.Contains(Throws(ErrorCode.TypeMismatch, () => Columns.Require<bool>(column, "option")).Message, "Column 'a' (option) is Int64, expected Boolean");
    }

    [TestMethod]
    [DataRow("\"x\"", "x")]
    [DataRow("true", "true")]
    [DataRow("-7", "-7")]
    [DataRow("0.1", "0.1")]
    public void Scalars_read_as_text(string json, string text)
    {
        var view = Load($$"""{"a": {{json}}}""", """{"a": null}""");
        Assert.IsTrue(Columns.IsTextLike(view.Schema["a"].Type));
        using var cursor = view.GetRowCursor(view.Schema);
        var read = Columns.TextOrNull(cursor, view.Schema["a"]);
        Assert.IsTrue(cursor.MoveNext());
        Assert.AreEqual(text, read());
        Assert.IsTrue(cursor.MoveNext());
        Assert.IsNull(read());
    }

    [TestMethod]
    [DataRow("[1]")]
    [DataRow("""{"x": 1}""")]
    [DataRow("""[{"x": 1}]""")]
    public void Lists_and_structs_do_not_read_as_text(string json)
    {
        var view = Load($$"""{"a": {{json}}}""");
        using var cursor = view.GetRowCursor(view.Schema);
        Assert.IsFalse(Columns.IsTextLike(view.Schema["a"].Type));
        Throws(ErrorCode.TypeMismatch, () => Columns.TextOrNull(cursor, view.Schema["a"]));
    }
}
