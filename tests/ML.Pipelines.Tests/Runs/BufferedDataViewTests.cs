using Microsoft.ML.Data;
using ML.Pipelines.Data;
using ML.Pipelines.Runs;
using ML.Pipelines.Tests.Data;

namespace ML.Pipelines.Tests.Runs;

[TestClass]
public sealed class BufferedDataViewTests : FileTest
{
    private static readonly string[] Rows =
        ["""{"id":"a","n":1,"list":[1,2]}""", """{"id":"b","n":null,"list":[]}""", """{"id":null,"n":3,"list":null}"""];

    [TestMethod]
    public void Rows_nulls_and_ids_are_those_of_the_source()
    {
        var source = Load(Rows);
        Assert.AreSequenceEqual(RowText.WithIds(source), RowText.WithIds(new BufferedDataView(source, _ => { })));
    }

    [TestMethod]
    public void The_source_is_read_once_and_each_row_is_told()
    {
        var told = new List<ulong>();
        var view = new BufferedDataView(Load(Rows), id => told.Add(id.Low));
        File.Delete(Path.Combine(Folder, "rows.jsonl"));
        Assert.HasCount(3, RowText.Of(view));
        Assert.HasCount(3, RowText.Of(view));
        Assert.AreSequenceEqual([0UL, 1UL, 2UL], told);
        Assert.AreEqual(3, view.GetRowCount());
    }

    [TestMethod]
    public void Columns_can_be_selected_in_another_order_again_and_again()
    {
        var view = new BufferedDataView(Load(Rows), _ => { });
        var first = view.Select([view.Schema["list"], view.Schema["id"], view.Schema["n"], .. view.Schema.Where(Nulls.IsCompanion)]);
        Assert.AreSequenceEqual(["[1, 2], 'a', 1", "[], 'b', null", "null, null, 3"], RowText.Of(first));
        var second = first.Select([first.Schema["n"], first.Schema["list"]]);
        Assert.AreSequenceEqual(["n", "list"], second.Schema.Select(column => column.Name));
        Assert.AreSequenceEqual(["1, [1, 2]", "0, []", "3, []"], RowText.Of(second));
    }

    [TestMethod]
    public void Several_cursors_stand_on_rows_of_their_own()
    {
        var view = new BufferedDataView(Load(Rows), _ => { });
        using var one = view.GetRowCursor(view.Schema);
        using var other = view.GetRowCursor(view.Schema);
        var (a, b) = (RowText.Reader(one, "id"), RowText.Reader(other, "id"));
        Assert.IsTrue(one.MoveNext() && other.MoveNext() && other.MoveNext());
        Assert.AreEqual(("'a'", "'b'"), (a(), b()));
    }

    [TestMethod]
    public void A_vector_that_a_reader_changes_is_whole_for_the_next()
    {
        var view = new BufferedDataView(Load(Rows), _ => { });
        using (var cursor = view.GetRowCursor(view.Schema))
        {
            VBuffer<long> list = default;
            cursor.MoveNext();
            cursor.GetGetter<VBuffer<long>>(view.Schema["list"])(ref list);
            VBufferEditor.CreateFromBuffer(ref list).Values[0] = 99;
        }
        Assert.AreEqual("[1, 2]", RowText.Of(view, "list")[0]);
    }

    [TestMethod]
    public void After_its_end_a_cursor_stays_there()
    {
        var view = new BufferedDataView(Load(Rows), _ => { });
        using var cursor = view.GetRowCursor(view.Schema);
        while (cursor.MoveNext()) { }
        Assert.IsFalse(cursor.MoveNext());
        Assert.AreEqual(-1, cursor.Position);
    }

    [TestMethod]
    public void Columns_that_were_not_asked_for_cannot_be_read()
    {
        var view = new BufferedDataView(Load(Rows), _ => { });
        using var cursor = view.GetRowCursor([view.Schema["id"]]);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => cursor.GetGetter<long>(view.Schema["n"]));
        Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<long>(view.Schema["id"]));
    }
}
