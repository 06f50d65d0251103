using Microsoft.ML;
using Microsoft.ML.Data;

namespace ML.Pipelines.Tests.Data;

/// <summary>The contract of IDataView, as ML.NET's own views keep it.</summary>
[TestClass]
public sealed class RecordDataViewTests : FileTest
{
    private static readonly string[] Rows = ["""{"n": 1, "t": "x"}""", """{"n": 2}"""];

    [TestMethod]
    public void The_position_is_minus_one_before_the_first_row_and_after_the_last()
    {
        using var cursor = Open("n");
        var positions = new List<long> { cursor.Position };
        while (cursor.MoveNext()) positions.Add(cursor.Position);
        Assert.IsFalse(cursor.MoveNext());
        CollectionAssert.AreEqual(new long[] { -1, 0, 1, -1 }, positions.Append(cursor.Position).ToArray());
    }

    [TestMethod]
    public void Only_the_columns_needed_are_active()
    {
        using var cursor = Open("n");
        CollectionAssert.AreEqual(new[] { "n" }, cursor.Schema.Where(cursor.IsColumnActive).Select(column => column.Name).ToArray());
    }

    [TestMethod]
    public void An_inactive_column_has_no_getter()
    {
        using var cursor = Open("n");
        var fault = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => cursor.GetGetter<ReadOnlyMemory<char>>(cursor.Schema["t"]));
        Assert.AreEqual("requested column not active (Parameter 'column')", fault.Message);
    }

    [TestMethod]
    [DataRow("t", "Invalid TValue in GetGetter for column #t: String: 'System.Int32', expected type: 'System.ReadOnlyMemory`1[System.Char]'.")]
    [DataRow("t.null", "Invalid TValue in GetGetter for column #t.null: Boolean: 'System.Int32', expected type: 'System.Boolean'.")]
    public void A_getter_of_another_type_is_refused(string name, string message)
    {
        using var cursor = Open(name);
        Assert.AreEqual(message, Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<int>(cursor.Schema[name])).Message);
    }

    [TestMethod]
    public void A_cursor_set_is_one_cursor_over_all_rows()
    {
        var view = Load(Rows);
        var cursors = view.GetRowCursorSet(view.Schema, 4);
        using var cursor = cursors.Single();
        Assert.IsTrue(cursor.MoveNext() && cursor.MoveNext());
        Assert.IsFalse(cursor.MoveNext());
    }

    [TestMethod]
    public void Rows_cannot_be_shuffled_by_the_view() => Assert.IsFalse(Load(Rows).CanShuffle);

    [TestMethod]
    public void A_cursor_may_be_disposed_twice()
    {
        var cursor = Open("n");
        cursor.MoveNext();
        cursor.Dispose();
        cursor.Dispose();
    }

    [TestMethod]
    public void A_list_read_into_a_used_buffer_does_not_change_the_rows_before()
    {
        var view = Load("""{"l": [1, 2, 3]}""", """{"l": [4]}""", """{"l": [5, 6]}""");
        using var cursor = view.GetRowCursor(view.Schema);
        var get = cursor.GetGetter<VBuffer<long>>(view.Schema["l"]);
        VBuffer<long> kept = default, reused = default;
        Assert.IsTrue(cursor.MoveNext());
        get(ref kept);
        for (get(ref reused); cursor.MoveNext(); get(ref reused)) { }
        CollectionAssert.AreEqual(new long[] { 1, 2, 3 }, kept.DenseValues().ToArray());
        CollectionAssert.AreEqual(new long[] { 5, 6 }, reused.DenseValues().ToArray());
    }

    private DataViewRowCursor Open(string column)
    {
        var view = Load(Rows);
        return view.GetRowCursor([view.Schema[column]]);
    }
}
