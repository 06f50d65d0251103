using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Data;
using ML.Pipelines.Data;

namespace ML.Pipelines.Tests.Data.JsonLines;

/// <summary>Any range of rows, from any number of files, any number of times.</summary>
[TestClass]
public sealed class JsonLinesRangesTests : FileTest
{
    [TestMethod]
    public void Files_are_read_in_order_as_one()
    {
        Write("b.jsonl", "{\"n\": 3}\n\n{\"n\": 4}");
        Write("a.jsonl", "\uFEFF{\"n\": 1}\r\n{\"n\": 2}");
        Write("empty.jsonl", "");
        var view = ML.Data.LoadFromJsonLines(Path.Combine(Folder, "*.jsonl"));
        CollectionAssert.AreEqual(new[] { "1", "2", "3", "4" }, RowText.Of(view).ToArray());
    }

    [TestMethod]
    public void Files_of_several_folders_and_patterns_are_read_in_the_order_of_the_patterns()
    {
        Write("x/deep/a.jsonl", "{\"n\": 3}");
        Write("x/b.jsonl", "{\"n\": 2}");
        var first = Write("z.jsonl", "{\"n\": 1}");
        var view = ML.Data.LoadFromJsonLines([first, Path.Combine(Folder, "**/*.jsonl")]);
        CollectionAssert.AreEqual(new[] { "1", "2", "3" }, RowText.Of(view).ToArray());
    }

    [TestMethod]
    public void A_type_is_decided_by_all_files()
    {
        Write("a.jsonl", "{\"n\": 1}");
        Write("b.jsonl", "{\"n\": 0.5, \"m\": 1}");
        var view = ML.Data.LoadFromJsonLines(Path.Combine(Folder, "*.jsonl"));
        CollectionAssert.AreEqual(new[] { "1, null", "0.5, 1" }, RowText.Of(view).ToArray());
    }

    [TestMethod]
    public void Row_ids_are_row_numbers_in_the_source_bad_rows_included()
    {
        var view = Load("""{"n": 1}""", "bad", """{"n": 2}""").Slice(1, 2);
        Assert.AreEqual($"{new DataViewRowId(2, 0)}: 2", RowText.WithIds(view).Single());
    }

    [TestMethod]
    public void A_view_does_not_tell_its_row_count_because_bad_rows_are_found_by_reading() => Assert.IsNull(Load("{}").GetRowCount());

    [TestMethod]
    public void A_slice_of_a_slice_stays_inside_it()
    {
        var view = Load([.. Enumerable.Range(0, 10).Select(n => $$"""{"n": {{n}}}""")]);
        var inner = view.Slice(2, 5).Slice(3, long.MaxValue);
        CollectionAssert.AreEqual(new[] { "5", "6" }, RowText.Of(inner).ToArray());
        Assert.AreEqual(5, inner.FirstRow);
        Assert.AreEqual(2, inner.SourceRowCount);
    }

    [TestMethod]
    public void A_slice_past_the_end_is_empty()
    {
        var view = Load("{\"n\": 1}");
        Assert.HasCount(0, RowText.Of(view.Slice(1, 1)));
        Assert.HasCount(0, RowText.Of(view.Slice(long.MaxValue, long.MaxValue)));
        Assert.HasCount(0, RowText.Of(view.Slice(0, 0)));
    }

    [TestMethod]
    [DataRow(-1, 1)]
    [DataRow(0, -1)]
    public void A_negative_slice_is_refused(long firstRow, long count) =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Load("{}").Slice(firstRow, count));

    [TestMethod]
    [DataRow(0, long.MaxValue, 3)]
    [DataRow(1, long.MaxValue, 2)]
    [DataRow(3, 1, 0)]
    [DataRow(long.MaxValue, long.MaxValue, 0)]
    public void A_reader_ends_with_the_source_however_many_rows_are_asked_for(long firstRow, long count, int rows)
    {
        using var reader = Load("{\"n\": 1}", "{\"n\": 2}", "{\"n\": 3}").Source.Open([true], firstRow, count);
        for (var i = 0; i < rows; i++) Assert.IsTrue(reader.MoveNext());
        Assert.IsFalse(reader.MoveNext());
    }

    [TestMethod]
    public void Any_range_gives_the_rows_and_rejects_of_the_full_read()
    {
        Prop.ForAll(Sources().ToArbitrary(), source =>
        {
            var view = new RecordDataView(new JsonLinesSource(source.Write(Folder), new() { MaxRowBytes = 200, Rejects = Rejects }));
            var (rows, rejects) = Pass(view);
            CollectionAssert.AreEqual(source.GoodRows().Select(row => $"{new DataViewRowId((ulong)row, 0)}: {row}").ToArray(), rows);
            foreach (var (first, count) in source.Ranges)
            {
                bool Inside(ulong row) => row >= (ulong)first && row < (ulong)(first + count);
                var slice = Pass(view.Slice(first, count));
                CollectionAssert.AreEqual(source.GoodRows().Zip(rows).Where(pair => Inside((ulong)pair.First)).Select(pair => pair.Second).ToArray(), slice.Rows);
                CollectionAssert.AreEqual(rejects.Where(reject => Inside(reject.Row.Source.Low)).ToArray(), slice.Rejects);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));
    }

    [TestMethod]
    public void Several_cursors_at_once_each_give_all_rows()
    {
        var view = Load([.. Enumerable.Range(0, 600).Select(n => n % 7 == 3 ? "bad" : $$"""{"n": {{n}}}""")]);
        using var slow = view.GetRowCursor(view.Schema);
        using var fast = view.GetRowCursor(view.Schema);
        var (readSlow, readFast) = (RowText.Reader(slow), RowText.Reader(fast));
        var (fromSlow, fromFast) = (new List<string>(), new List<string>());
        while (slow.MoveNext())
        {
            fromSlow.Add(readSlow());
            for (var i = 0; i < 3 && fast.MoveNext(); i++) fromFast.Add(readFast());
        }
        CollectionAssert.AreEqual(RowText.Of(view).ToArray(), fromSlow);
        CollectionAssert.AreEqual(fromSlow, fromFast);
    }

    [TestMethod]
    public void Cursors_on_several_threads_each_give_all_rows()
    {
        var view = Load([.. Enumerable.Range(0, 600).Select(n => $$"""{"n": {{n}}, "l": [{{n}}, null]}""")]);
        var expected = RowText.Of(view).ToArray();
        Parallel.For(0, 8, _ => CollectionAssert.AreEqual(expected, RowText.Of(view).ToArray()));
    }

    [TestMethod]
    [DataRow("{\"n\": 1}\n", "shorter")]
    [DataRow("{\"n\": 1}\n{\"n\": 2}\n{\"n\": 3}\n", "longer")]
    [DataRow("{\"n\": 3}\n{\"n\": 4}\n", "as long")]
    public void A_file_that_changed_since_opening_is_refused(string now, string how)
    {
        var view = Load("{\"n\": 1}", "{\"n\": 2}");
        var written = File.GetLastWriteTimeUtc(Path.Combine(Folder, "rows.jsonl"));
        File.SetLastWriteTimeUtc(Write("rows.jsonl", now), written.AddSeconds(1));
        var fault = Throws(ErrorCode.DamagedFile, () => RowText.Of(view));
        StringAssert.Contains(fault.Message, "rows.jsonl", how);
        StringAssert.Contains(fault.Message, "must not change");
    }

    [TestMethod]
    public void A_file_that_is_gone_since_opening_is_named()
    {
        var view = Load("{\"n\": 1}");
        File.Delete(Path.Combine(Folder, "rows.jsonl"));
        StringAssert.Contains(Throws(ErrorCode.FileNotFound, () => RowText.Of(view)).Message, "rows.jsonl");
    }

    [TestMethod]
    [DoNotParallelize]
    public void Memory_does_not_grow_with_the_file()
    {
        var path = Path.Combine(Folder, "large.jsonl");
        var row = Encoding.UTF8.GetBytes($$"""{"id": 1, "text": "{{new string('x', 100_000)}}", "steps": ["a", "b", null]}""" + "\n");
        using (var file = File.Create(path))
            for (var i = 0; i < 1000; i++) file.Write(row);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var view = ML.Data.LoadFromJsonLines(path);
        using var cursor = view.GetRowCursor(view.Schema);
        var read = RowText.Reader(cursor);
        for (var rows = 1; cursor.MoveNext(); rows++)
        {
            Assert.IsGreaterThan(100_000, read().Length);
            if (rows % 250 == 0) Assert.IsLessThan(8 << 20, GC.GetTotalMemory(forceFullCollection: true) - before);
        }
    }

    private (string[] Rows, (RejectedRow Row, RowError Error)[] Rejects) Pass(RecordDataView view)
    {
        Rejects.Clear();
        return ([.. RowText.WithIds(view)], [.. Rejects.QuarantinedRows]);
    }

    private static Gen<Source> Sources()
    {
        var line = Gen.Frequency(
            (8, Gen.Constant(Line.Good)),
            (1, Gen.Elements(Line.Blank, Line.Damaged, Line.Mistyped, Line.TooLong)));
        var file = from size in Gen.Elements(0, 1, 3, 255, 256, 257, 300) from lines in Gen.ArrayOf(line, size) select lines;
        var range = from first in Gen.Choose(0, 800) from count in Gen.Elements(0, 1, 2, 100, 255, 256, 257, 1000) select (first, count);
        return
            from files in Gen.ArrayOf(file, 3)
            from ranges in Gen.ArrayOf(range, 12)
            select new Source([[Line.Good], .. files], ranges);
    }

    private enum Line { Good, Blank, Damaged, Mistyped, TooLong }

    private sealed record Source(Line[][] Files, (int First, int Count)[] Ranges)
    {
        // A good row holds its own number in the source.
        public List<int> GoodRows() =>
            [.. Files.SelectMany(lines => lines).Where(line => line != Line.Blank).Index().Where(row => row.Item == Line.Good).Select(row => row.Index)];

        public List<string> Write(string folder)
        {
            var paths = new List<string>();
            var row = 0;
            foreach (var (index, lines) in Files.Index())
            {
                paths.Add(Path.Combine(folder, $"{index}.jsonl"));
                File.WriteAllLines(paths[^1], lines.Select(line => line == Line.Blank ? "" : Text(line, row++)));
            }
            return paths;
        }

        public override string ToString() =>
            $"{string.Join(" | ", Files.Select(lines => string.Concat(lines.Select(line => line.ToString()[0]))))}; {string.Join(" ", Ranges)}";

        private static string Text(Line line, int row) => line switch
        {
            Line.Damaged => $"{{\"n\": {row}",
            Line.Mistyped => $"{{\"n\": \"{row}\"}}",
            Line.TooLong => $"{{\"n\": {row}, \"x\": \"{new string('x', 300)}\"}}",
            _ => $"{{\"n\": {row}}}",
        };
    }
}
