using System.Text.Json;
using Microsoft.ML.Data;
using ML.Pipelines.Data;

namespace ML.Pipelines.Tests.Data.JsonLines;

/// <summary>Rows that cannot be read, between rows that can.</summary>
[TestClass]
public sealed class JsonLinesBadRowsTests : FileTest
{
    [TestMethod]
    [DataRow("""{"a": }""", ErrorCode.InvalidJson)]
    [DataRow("hello", ErrorCode.InvalidJson)]
    [DataRow("""{"a": 1} {"a": 2}""", ErrorCode.InvalidJson)]
    [DataRow("""{"a": 1} x""", ErrorCode.InvalidJson)]
    [DataRow("""{"a": 1,}""", ErrorCode.InvalidJson)]
    [DataRow("""{"a": 1""", ErrorCode.InvalidJson)]
    [DataRow("""{"a": "cut""", ErrorCode.InvalidJson)]
    [DataRow("""{"a": NaN}""", ErrorCode.InvalidJson)]
    [DataRow("""{"a": 1} // comment""", ErrorCode.InvalidJson)]
    [DataRow("""[{"a": 1}]""", ErrorCode.InvalidJson)]
    [DataRow("1", ErrorCode.InvalidJson)]
    [DataRow("null", ErrorCode.InvalidJson)]
    [DataRow("\"text\"", ErrorCode.InvalidJson)]
    [DataRow("""{"t": "\ud83d"}""", ErrorCode.InvalidJson)]
    [DataRow("""{"t": "\ude00\ud83d"}""", ErrorCode.InvalidJson)]
    [DataRow("""{"\ud83d": 1}""", ErrorCode.InvalidJson)]
    [DataRow("""{"a": "x"}""", ErrorCode.TypeMismatch)]
    [DataRow("""{"a": [1]}""", ErrorCode.TypeMismatch)]
    [DataRow("""{"a": {"x": 1}}""", ErrorCode.TypeMismatch)]
    [DataRow("""{"a": true}""", ErrorCode.TypeMismatch)]
    [DataRow("""{"t": 1}""", ErrorCode.TypeMismatch)]
    [DataRow("""{"d": 1e400}""", ErrorCode.TypeMismatch)]
    [DataRow("""{"d": 9007199254740993}""", ErrorCode.TypeMismatch)]
    [DataRow("""{"l": 1}""", ErrorCode.TypeMismatch)]
    [DataRow("""{"l": ["x"]}""", ErrorCode.TypeMismatch)]
    [DataRow("""{"s": 1}""", ErrorCode.TypeMismatch)]
    [DataRow("""{"s": {"x": "y"}}""", ErrorCode.TypeMismatch)]
    [DataRow("""{"m": {"x": 1}}""", ErrorCode.TypeMismatch)]
    [DataRow("""{"m": [1]}""", ErrorCode.TypeMismatch)]
    public void A_bad_row_is_quarantined_with_its_code_and_place_and_the_next_is_read(string line, string code)
    {
        var view = Load("""{"a": 1, "t": "x", "d": 0.5, "l": [1], "s": {"x": 1}, "m": [{"x": 1}]}""", "", line, """{"a": 2}""");
        Assert.HasCount(2, RowText.Of(view));
        var (row, error) = Rejects.QuarantinedRows.Single();
        Assert.AreEqual(code, error.Code);
        Assert.AreEqual("load", row.Stage);
        Assert.AreEqual(Path.Combine(Folder, "rows.jsonl") + ":3", row.RowId);
        Assert.AreEqual(new DataViewRowId(1, 0), row.Source);
        StringAssert.Contains(error.Message, "rows.jsonl:3");
        Assert.AreEqual(line, JsonDocument.Parse(row.Raw!).RootElement.GetProperty("line").GetString());
    }

    [TestMethod]
    public void Bytes_that_are_no_text_are_quarantined_with_the_bytes()
    {
        byte[] bad = [.. "{\"a\": \""u8, 0xC3, 0x28, .. "\"}"u8];
        var path = Write("rows.jsonl", [.. "{\"a\": \"x\"}\n"u8, .. bad, .. "\n{\"a\": \"y\"}"u8]);
        CollectionAssert.AreEqual(new[] { "'x'", "'y'" }, RowText.Of(ML.Data.LoadFromJsonLines(path, new() { Rejects = Rejects })).ToArray());
        var (row, error) = Rejects.QuarantinedRows.Single();
        Assert.AreEqual(ErrorCode.InvalidUtf8, error.Code);
        CollectionAssert.AreEqual(bad, JsonDocument.Parse(row.Raw!).RootElement.GetProperty("base64").GetBytesFromBase64());
    }

    [TestMethod]
    public void A_row_nested_deeper_than_json_readers_go_is_quarantined()
    {
        var deep = new string('[', 100) + new string(']', 100);
        Assert.HasCount(1, RowText.Of(Load("""{"a": 1}""", $$"""{"a": 1, "b": {{deep}}}""")));
        CollectionAssert.AreEqual(new[] { ErrorCode.InvalidJson }, Rejects.Codes.ToArray());
    }

    [TestMethod]
    public void A_row_over_the_limit_is_quarantined_without_its_text()
    {
        var view = LoadWith(new() { MaxRowBytes = 10, Rejects = Rejects }, """{"a": 123}""", """{"a": 1234}""", """{"a": 5}""");
        CollectionAssert.AreEqual(new[] { "123", "5" }, RowText.Of(view).ToArray());
        var (row, error) = Rejects.QuarantinedRows.Single();
        Assert.AreEqual(ErrorCode.RowTooLong, error.Code);
        Assert.IsNull(row.Raw);
        StringAssert.Contains(error.Message, "longer than 10 bytes");
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(-1)]
    [DataRow(1_000_000_001)]
    public void A_limit_out_of_range_is_refused(int limit) =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new JsonLinesOptions { MaxRowBytes = limit });

    [TestMethod]
    public void A_mismatch_names_the_column_and_both_types()
    {
        RowText.Of(Load("""{"name": 1}""", """{"name": "x"}"""));
        StringAssert.Contains(Rejects.QuarantinedRows.Single().Error.Message, "column 'name': expected an integer, found a text");
    }

    [TestMethod]
    public void Without_a_sink_the_first_bad_row_stops_the_cursor_with_its_code()
    {
        var view = LoadWith(new(), """{"a": 1}""", "oops", """{"a": 2}""");
        using var cursor = view.GetRowCursor(view.Schema);
        Assert.IsTrue(cursor.MoveNext());
        StringAssert.Contains(Throws(ErrorCode.InvalidJson, () => cursor.MoveNext()).Message, "rows.jsonl:2");
    }

    [TestMethod]
    public void Every_bad_row_is_reported_once_a_pass()
    {
        var view = Load("""{"a": 1}""", "x", "y", """{"a": 2}""", "z");
        for (var pass = 0; pass < 3; pass++)
        {
            Rejects.Clear();
            RowText.Of(view);
            CollectionAssert.AreEqual(new ulong[] { 1, 2, 4 }, Rejects.QuarantinedRows.Select(entry => entry.Row.Source.Low).ToArray());
        }
    }

    [TestMethod]
    public void Opening_reports_nothing()
    {
        Load("""{"a": 1}""", "x");
        Assert.HasCount(0, Rejects.QuarantinedRows);
    }

    [TestMethod]
    [DataRow("""{"a": 1, "b": "wrong"}""")]
    [DataRow("""{"a": 1, "b": 2, "c": "\ud800"}""")]
    public void Which_rows_are_bad_does_not_depend_on_the_columns_read(string bad)
    {
        var view = Load("""{"a": 1, "b": 1, "c": "x"}""", bad, """{"a": 3, "b": 3, "c": "x"}""");
        CollectionAssert.AreEqual(new[] { "1", "3" }, RowText.Of(view, "a").ToArray());
        Assert.HasCount(1, Rejects.QuarantinedRows);
    }

    [TestMethod]
    public void A_fault_in_a_column_left_out_of_the_source_is_no_fault()
    {
        var view = LoadWith(new() { Columns = ["a"] }, """{"a": 1, "b": 1}""", """{"a": 2, "b": "x"}""");
        CollectionAssert.AreEqual(new[] { "1", "2" }, RowText.Of(view).ToArray());
    }

    [TestMethod]
    public void A_row_of_a_million_characters_is_read_whole()
    {
        var text = new string('x', 999_990) + "äöü\\n\\u0041";
        var view = Load("""{"a": "first"}""", $$"""{"a": "{{text}}"}""", """{"a": "last"}""");
        var rows = RowText.Of(view);
        Assert.AreEqual("'" + new string('x', 999_990) + "äöü\nA'", rows[1]);
        Assert.AreEqual("'last'", rows[2]);
    }

    [TestMethod]
    public void A_mistyped_row_leaves_nothing_behind_in_the_next()
    {
        var view = Load("""{"a": "x", "l": [1], "n": 1}""", """{"a": "y", "l": [7, 8, "x"], "n": 2}""", """{"n": 3}""");
        CollectionAssert.AreEqual(new[] { "'x', [1], 1", "null, null, 3" }, RowText.Of(view).ToArray());
    }
}
