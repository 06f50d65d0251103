using Microsoft.ML.Data;
using ML.Pipelines.Data;

namespace ML.Pipelines.Tests.Data.JsonLines;

/// <summary>What the rows of a file say about its columns.</summary>
[TestClass]
public sealed class JsonLinesTypesTests : FileTest
{
    [TestMethod]
    [DataRow("""{"a": "x"}""", "String", "'x'")]
    [DataRow("""{"a": ""}""", "String", "''")]
    [DataRow("""{"a": true}""", "Boolean", "true")]
    [DataRow("""{"a": 7}""", "Int64", "7")]
    [DataRow("""{"a": -9223372036854775808}""", "Int64", "-9223372036854775808")]
    [DataRow("""{"a": 9223372036854775808}""", "Double", "9.223372036854776E+18")]
    [DataRow("""{"a": 1.0}""", "Double", "1")]
    [DataRow("""{"a": 1e2}""", "Double", "100")]
    [DataRow("""{"a": ["x", "y"]}""", "Vector<String>", "['x', 'y']")]
    [DataRow("""{"a": [1, 2]}""", "Vector<Int64>", "[1, 2]")]
    [DataRow("""{"a": [true]}""", "Vector<Boolean>", "[true]")]
    [DataRow("""{"a": [1, 2.5]}""", "Vector<Double>", "[1, 2.5]")]
    [DataRow("""{"a": []}""", "Vector<String>", "[]")]
    [DataRow("""{"a": {"x": 1, "y": "z"}}""", "Struct<x: Int64, y: String>", "{1, 'z'}")]
    [DataRow("""{"a": [{"x": 1}, {"y": true}]}""", "List<x: Int64, y: Boolean>", "[{1, null}, {null, true}]")]
    [DataRow("""{"a": [{"role": "user", "content": "c"}]}""", "List<role: String, content: String>", "[{'user', 'c'}]")]
    public void A_value_gives_its_column_a_type(string line, string type, string value)
    {
        var view = Load(line);
        Assert.AreEqual(type, view.Schema["a"].Type.ToString());
        CollectionAssert.AreEqual(new[] { value }, RowText.Of(view).ToArray());
    }

    [TestMethod]
    public void A_column_that_no_row_lacks_has_no_companion() => Assert.HasCount(1, Load("""{"a": 1}""", """{"a": 2}""").Schema);

    [TestMethod]
    public void A_column_without_any_value_is_nullable_text()
    {
        var view = Load("""{"a": null}""");
        Assert.AreEqual(TextDataViewType.Instance, view.Schema["a"].Type);
        AssertRows(view, "null");
    }

    [TestMethod]
    public void A_missing_key_is_null() => AssertRows(Load("""{"a": 1, "b": "x"}""", """{"b": "y"}""", """{"a": 2}"""), "1, 'x'", "null, 'y'", "2, null");

    [TestMethod]
    public void A_row_without_keys_is_all_null() => AssertRows(Load("""{"a": 1, "b": [2]}""", "{}"), "1, [2]", "null, null");

    [TestMethod]
    public void A_file_of_empty_objects_has_rows_without_columns()
    {
        var view = Load("{}", "{}");
        Assert.HasCount(0, view.Schema);
        Assert.HasCount(2, RowText.Of(view));
    }

    [TestMethod]
    [DataRow("""{"a": 1}""", "1")]
    [DataRow("""{"a": "x"}""", "'x'")]
    [DataRow("""{"a": true}""", "true")]
    [DataRow("""{"a": [1, 2]}""", "[1, 2]")]
    [DataRow("""{"a": {"x": 1}}""", "{1}")]
    [DataRow("""{"a": [{"x": 1}]}""", "[{1}]")]
    public void A_null_is_read_as_null_whatever_the_type(string line, string value) => AssertRows(Load("""{"a": null}""", line), "null", value);

    [TestMethod]
    public void An_element_of_a_list_may_be_null() =>
        AssertRows(Load("""{"a": [1, null]}""", """{"a": [null]}""", """{"a": []}""", """{"a": [2]}"""), "[1, null]", "[null]", "[]", "[2]");

    [TestMethod]
    public void An_element_of_a_list_of_structs_may_be_null() => AssertRows(Load("""{"a": [null, {"x": 1}, null]}"""), "[null, {1}, null]");

    [TestMethod]
    public void A_field_of_a_struct_may_be_null_or_missing() =>
        AssertRows(Load("""{"a": {"x": 1, "y": null}}""", """{"a": {"y": "z"}}""", """{"a": {}}"""), "{1, null}", "{null, 'z'}", "{null, null}");

    [TestMethod]
    public void Integers_widen_to_double_wherever_the_first_fraction_stands() =>
        AssertRows(Load("""{"a": 1, "b": [1], "c": {"x": 1}}""", """{"a": 0.5, "b": [2, 0.25], "c": {"x": 1e-3}}"""),
            "1, [1], {1}", "0.5, [2, 0.25], {0.001}");

    [TestMethod]
    public void Columns_come_in_the_order_of_their_first_appearance() =>
        CollectionAssert.AreEqual(new[] { "b", "a", "c" },
            Columns.Names(Load("""{"b": 1}""", """{"a": 1, "b": 1}""", """{"c": 1, "a": 1, "b": 1}""").Schema).ToArray());

    [TestMethod]
    public void The_last_of_duplicate_keys_counts() => AssertRows(Load("""{"a": 1, "a": 2}""", """{"a": null, "a": 3}""", """{"a": 4, "a": null}"""), "2", "3", "null");

    [TestMethod]
    public void A_duplicate_key_does_not_hide_that_another_row_lacks_the_column() =>
        AssertRows(Load("""{"a": "x", "a": "y"}""", "{}"), "'y'", "null");

    [TestMethod]
    public void A_row_that_breaks_off_in_a_name_does_not_hide_that_another_row_lacks_the_column()
    {
        AssertRows(Load("""{"a": "x", "\ud800": 1}""", """{"a": "y"}""", """{"b": 1}"""), "'y', null", "null, 1");
        CollectionAssert.AreEqual(new[] { ErrorCode.InvalidJson }, Rejects.Codes.ToArray());
    }

    [TestMethod]
    public void A_line_that_is_damaged_at_its_end_teaches_nothing()
    {
        var view = Load("""{"a": "x", "z": [[1]]} trailing""", """{"a": 1}""");
        AssertRows(view, "1");
    }

    [TestMethod]
    [DataRow("""{"ok": 1, "deep": [[1]]}""")]
    [DataRow("""{"ok": 1, "deep": [{"x": [1]}]}""")]
    [DataRow("""{"ok": 1, "deep": {"x": {"y": 1}}}""")]
    [DataRow("""{"ok": 1, "deep": {}}""")]
    [DataRow("""{"ok": 1, "deep": [{}]}""")]
    public void A_type_without_counterpart_is_refused_by_name_and_place(string line)
    {
        var fault = Throws(ErrorCode.UnsupportedType, () => Load("", line));
        StringAssert.Contains(fault.Message, "Column 'deep' (first at ");
        StringAssert.Contains(fault.Message, "rows.jsonl:2)");
    }

    [TestMethod]
    public void A_type_without_counterpart_is_left_out_on_request() =>
        AssertRows(LoadWith(new() { LeaveOutUnsupported = true }, """{"deep": [[1]], "ok": 1}"""), "1");

    [TestMethod]
    public void A_type_without_counterpart_that_is_not_asked_for_is_no_fault() =>
        AssertRows(LoadWith(new() { Columns = ["ok"] }, """{"deep": [[1]], "ok": 1}"""), "1");

    [TestMethod]
    public void Named_columns_come_in_the_order_named() => AssertRows(LoadWith(new() { Columns = ["c", "a"] }, """{"a": 1, "b": 2, "c": 3}"""), "3, 1");

    [TestMethod]
    public void A_column_named_twice_is_read_once() => AssertRows(LoadWith(new() { Columns = ["a", "a"] }, """{"a": 1}"""), "1");

    [TestMethod]
    public void A_named_column_that_no_row_has_is_an_error_that_names_the_columns_there()
    {
        var fault = Throws(ErrorCode.MissingColumn, () => LoadWith(new() { Columns = ["A"] }, """{"a": 1, "b": 2}"""));
        StringAssert.Contains(fault.Message, "Column 'A' is in no row");
        StringAssert.Contains(fault.Message, "Columns there: a, b.");
    }

    [TestMethod]
    public void A_columns_own_name_that_is_a_companions_is_kept()
    {
        var view = Load("""{"a": 1, "a.null": "x"}""", """{"a": null, "a.null": null}""");
        AssertRows(view, "1, 'x'", "null, null");
    }

    [TestMethod]
    public void Names_are_unescaped_and_case_sensitive() => AssertRows(Load("""{"\u0061": 1, "A": 2, "ä😀": 3}""", """{"a": 4, "A": 5, "\u00e4\ud83d\ude00": 6}"""), "1, 2, 3", "4, 5, 6");

    [TestMethod]
    public void A_column_without_a_name_is_refused_by_place() =>
        StringAssert.Contains(Throws(ErrorCode.UnsupportedType, () => Load("""{"a": 1, "": 2}""")).Message, "rows.jsonl:1");

    [TestMethod]
    public void A_name_longer_than_a_buffer_is_found()
    {
        var name = new string('n', 5000);
        AssertRows(Load($$"""{"{{name}}": 1}""", $$"""{"{{name}}": 2}"""), "1", "2");
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("\n\n")]
    [DataRow("not json\n[1]\n")]
    public void A_file_without_any_object_is_refused(string text)
    {
        var path = Write("rows.jsonl", text);
        var fault = Throws(ErrorCode.DamagedFile, () => ML.Data.LoadFromJsonLines(path));
        StringAssert.Contains(fault.Message, "rows.jsonl' holds no line that is a JSON object");
    }

    private static void AssertRows(RecordDataView view, params string[] rows) => CollectionAssert.AreEqual(rows, RowText.Of(view).ToArray());
}
