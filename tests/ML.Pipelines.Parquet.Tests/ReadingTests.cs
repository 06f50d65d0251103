using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;
using ML.Pipelines.Parquet.DuckDB;

namespace ML.Pipelines.Parquet.Tests;

[TestClass]
public sealed class ReadingTests
{
    private readonly MLContext _ml = new();

    [TestMethod]
    [DynamicData(nameof(Engines.Pairs), typeof(Engines))]
    public void Any_range_of_rows_comes_across_row_groups_and_files(string writer, string reader)
    {
        using var folder = new TestFolder();
        var table = Samples.Everything(seed: 3, rows: 700);
        Save(folder, "1.parquet", table with { Rows = [.. table.Rows.Take(300)] }, writer, rowGroupRows: 100);
        Save(folder, "2.parquet", table with { Rows = [] }, writer, rowGroupRows: 100);
        Save(folder, "3.parquet", table with { Rows = [.. table.Rows.Skip(300)] }, writer, rowGroupRows: 90);
        var view = Load(folder["*.parquet"], reader);
        var ranges = from first in Gen.Choose(0, 720) from count in Gen.OneOf(Gen.Choose(0, 12), Gen.Choose(0, 720)) select (first, count);
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(20).WithReplay(1, 3),
            Prop.ForAll(ranges.ToArbitrary(), range =>
                Table.Of(view.Slice(range.first, range.count)).ToString()
                == (table with { Rows = [.. table.Rows.Skip(range.first).Take(range.count)] }).ToString()));
    }

    [TestMethod]
    [DynamicData(nameof(Engines.Each), typeof(Engines))]
    public void Row_ids_are_the_rows_numbers_in_the_source(string engine)
    {
        using var folder = new TestFolder();
        Save(folder, "1.parquet", Numbers(25), engine, rowGroupRows: 10);
        Save(folder, "2.parquet", Numbers(25), engine, rowGroupRows: 10);
        using var cursor = Load(folder["*.parquet"], engine).Slice(20, 10).GetRowCursor([]);
        var getter = cursor.GetIdGetter();
        DataViewRowId id = default;
        for (var row = 20UL; cursor.MoveNext(); row++)
        {
            getter(ref id);
            Assert.AreEqual(new DataViewRowId(row, 0), id);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Engines.Each), typeof(Engines))]
    public void Rows_are_counted_without_reading_a_column(string engine)
    {
        using var folder = new TestFolder();
        Save(folder, "1.parquet", Numbers(25), engine, rowGroupRows: 10);
        Damage(folder["1.parquet"], "true");
        using var cursor = Load(folder["1.parquet"], engine).GetRowCursor([]);
        var rows = 0;
        while (cursor.MoveNext()) rows++;
        Assert.AreEqual(25, rows);
    }

    [TestMethod]
    [DynamicData(nameof(Engines.Pairs), typeof(Engines))]
    public void Row_groups_outside_the_range_are_not_decoded(string writer, string reader)
    {
        using var folder = new TestFolder();
        Save(folder, "1.parquet", Numbers(50_000), writer, rowGroupRows: 10_000);
        Damage(folder["1.parquet"], "row_group_id <> 3");
        var view = Load(folder["1.parquet"], reader);
        Assert.AreEqual(30_000L, Table.Of(view.Slice(30_000, 10_000)).Rows[0][0]);
        Assert.AreEqual(ErrorCode.DamagedFile, Assert.ThrowsExactly<PipelineException>(() => Table.Of(view.Slice(29_999, 2))).Code);
    }

    [TestMethod]
    [DynamicData(nameof(Engines.Pairs), typeof(Engines))]
    public void Only_the_columns_asked_for_are_read_in_the_order_asked(string writer, string reader)
    {
        using var folder = new TestFolder();
        Save(folder, "1.parquet", Numbers(1000), writer, rowGroupRows: 100);
        Damage(folder["1.parquet"], "path_in_schema = 'text'");
        var view = _ml.Data.LoadFromParquet(folder["1.parquet"], new() { Engine = ParquetEngines.Named(reader), Columns = ["half", "n"] });
        CollectionAssert.AreEqual(new[] { "half", "n" }, view.Source.Columns.Select(column => column.Name).ToArray());
        CollectionAssert.AreEqual(new object[] { 499.5, 999L }, Table.Of(view).Rows[999]);
    }

    [TestMethod]
    [DynamicData(nameof(Engines.Each), typeof(Engines))]
    public void An_inactive_column_is_not_read(string engine)
    {
        using var folder = new TestFolder();
        Save(folder, "1.parquet", Numbers(1000), engine, rowGroupRows: 100);
        Damage(folder["1.parquet"], "path_in_schema = 'text'");
        var view = Load(folder["1.parquet"], engine);
        using var cursor = view.GetRowCursor([view.Schema["n"]]);
        while (cursor.MoveNext()) { }
        Assert.IsFalse(cursor.IsColumnActive(view.Schema["text"]));
    }

    [TestMethod]
    [DynamicData(nameof(Engines.Each), typeof(Engines))]
    public void A_column_that_is_not_there_is_an_error_that_names_those_that_are(string engine)
    {
        using var folder = new TestFolder();
        Save(folder, "1.parquet", Numbers(1), engine);
        var error = Assert.ThrowsExactly<PipelineException>(
            () => _ml.Data.LoadFromParquet(folder["1.parquet"], new() { Engine = ParquetEngines.Named(engine), Columns = ["N"] }));
        Assert.AreEqual(ErrorCode.MissingColumn, error.Code);
        StringAssert.Contains(error.Message, "'N'");
        StringAssert.Contains(error.Message, "n, half, text");
    }

    [TestMethod]
    [DynamicData(nameof(Engines.Each), typeof(Engines))]
    public void Cursors_on_several_threads_read_the_same_rows(string engine)
    {
        using var folder = new TestFolder();
        var table = Samples.Everything(seed: 4, rows: 400);
        Save(folder, "1.parquet", table, engine, rowGroupRows: 100);
        var view = Load(folder["1.parquet"], engine);
        var texts = Enumerable.Range(0, 4).AsParallel().WithDegreeOfParallelism(4).Select(_ => Table.Of(view).ToString()).ToArray();
        Assert.IsTrue(System.Array.TrueForAll(texts, text => text == table.ToString()));
    }

    [TestMethod]
    [DynamicData(nameof(Engines.Each), typeof(Engines))]
    public void A_file_name_with_wildcards_names_one_file(string engine)
    {
        using var folder = new TestFolder();
        Save(folder, "a[1].parquet", Numbers(3), engine);
        Save(folder, "a1.parquet", Numbers(5), engine);
        Assert.HasCount(3, Table.Of(Load(folder["a[1].parquet"], engine)).Rows);
    }

    [TestMethod]
    [DynamicData(nameof(Engines.Each), typeof(Engines))]
    public void A_folder_named_like_a_partition_adds_no_column(string engine)
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder["day=1"]);
        Save(folder, "day=1/a.parquet", Numbers(3), engine);
        Assert.HasCount(3, Load(folder["day=1/a.parquet"], engine).Source.Columns);
    }

    // The file holds 800 MB of text; what streams needs a small part of that.
    [TestMethod]
    [DynamicData(nameof(Engines.Each), typeof(Engines))]
    public void Writing_and_reading_200_000_rows_streams(string engine)
    {
        using var folder = new TestFolder();
        var peak = 0L;
        var rows = Enumerable.Range(0, 200_000).Select(i =>
        {
            if (i % 20_000 == 0) peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true));
            return new Trace { Id = i, Reasoning = string.Concat(Enumerable.Repeat($"step {i} ", 200)) };
        });
        var before = GC.GetTotalMemory(forceFullCollection: true);
        _ml.Data.SaveAsParquet(_ml.Data.LoadFromEnumerable(rows), folder["big.parquet"],
            new() { Engine = ParquetEngines.Named(engine), RowGroupBytes = 8 << 20 });
        var view = Load(folder["big.parquet"], engine);
        using var cursor = view.GetRowCursor(view.Schema);
        var getter = cursor.GetGetter<ReadOnlyMemory<char>>(view.Schema["Reasoning"]);
        ReadOnlyMemory<char> text = default;
        for (var i = 0; cursor.MoveNext(); i++)
        {
            getter(ref text);
            if (i % 20_000 == 0) peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true));
        }
        Assert.IsLessThan(150L << 20, peak - before);
    }

    private static Table Numbers(int rows) => new(
        [new("n", NumberDataViewType.Int64, false), new("half", NumberDataViewType.Double, false),
            new("text", TextDataViewType.Instance, false)],
        [.. Enumerable.Range(0, rows).Select(i => new object?[] { (long)i, i / 2.0, $"text of {i}" })]);

    private void Save(TestFolder folder, string name, Table table, string engine, int rowGroupRows = 1000) =>
        _ml.Data.SaveAsParquet(table.View, folder[name], new() { Engine = ParquetEngines.Named(engine), RowGroupRows = rowGroupRows });

    private RecordDataView Load(string path, string engine) =>
        _ml.Data.LoadFromParquet(path, new() { Engine = ParquetEngines.Named(engine) });

    /// <summary>Overwrites the column chunks that a condition on DuckDB's parquet_metadata names.</summary>
    private static void Damage(string path, string condition)
    {
        var chunks = DuckDBQuery.Execute(
            "SELECT coalesce(dictionary_page_offset, data_page_offset), total_compressed_size " +
            $"FROM parquet_metadata('{path}') WHERE {condition}");
        using var file = File.OpenWrite(path);
        foreach (var chunk in chunks.Rows)
        {
            file.Position = long.Parse(chunk[0]!, System.Globalization.CultureInfo.InvariantCulture);
            file.Write([.. Enumerable.Repeat((byte)0xEE, int.Parse(chunk[1]!, System.Globalization.CultureInfo.InvariantCulture))]);
        }
    }

    private sealed class Trace
    {
        public int Id { get; set; }

        public string Reasoning { get; set; } = "";
    }
}
