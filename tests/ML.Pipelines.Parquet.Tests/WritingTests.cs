using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Parquet.DuckDB;

namespace ML.Pipelines.Parquet.Tests;

[TestClass]
public sealed class WritingTests
{
    private readonly MLContext _ml = new();

    [TestMethod]
    [DynamicData(nameof(Engines.Each), typeof(Engines))]
    public void The_same_rows_give_the_same_bytes(string engine)
    {
        using var folder = new TestFolder();
        var table = Samples.Everything(seed: 7, rows: 3000);
        var options = new ParquetWriteOptions
        {
            Engine = ParquetEngines.Named(engine),
            RowGroupRows = 700,
            Footer = Entries(("b", "2"), ("a", "1"))
        };
        _ml.Data.SaveAsParquet(table.View, folder["1.parquet"], options);
        _ml.Data.SaveAsParquet(table.View, folder["2.parquet"], options with { Footer = Entries(("a", "1"), ("b", "2")) });
        CollectionAssert.AreEqual(File.ReadAllBytes(folder["1.parquet"]), File.ReadAllBytes(folder["2.parquet"]));
    }

    [TestMethod]
    [DynamicData(nameof(Engines.Pairs), typeof(Engines))]
    public void Footer_entries_come_back(string writer, string reader)
    {
        using var folder = new TestFolder();
        var entries = Entries(("mlpipelines.plan", "ab12"), ("quotes", "it's \"so\": {x}"), ("ünï", "日本"), ("empty", ""));
        var format = new ParquetShardFormat(ParquetEngines.Named(writer));
        format.Write(Samples.Everything(seed: 8, rows: 30).View, folder["s.parquet"], entries);
        var footer = new ParquetShardFormat(ParquetEngines.Named(reader)).ReadFooter(folder["s.parquet"]);
        CollectionAssert.AreEquivalent(entries.ToArray(), footer.Entries.ToArray());
        Assert.AreEqual(30L, footer.Rows);
        Assert.HasCount(31, footer.Columns);
    }

    [TestMethod]
    [DynamicData(nameof(Engines.Each), typeof(Engines))]
    public void Row_groups_are_bounded_by_rows(string engine)
    {
        using var folder = new TestFolder();
        _ml.Data.SaveAsParquet(Texts(10_000, 10), folder["t.parquet"],
            new() { Engine = ParquetEngines.Named(engine), RowGroupRows = 3000 });
        CollectionAssert.AreEqual(new[] { "3000", "3000", "3000", "1000" }, RowGroups(folder["t.parquet"]));
    }

    [TestMethod]
    [DynamicData(nameof(Engines.Each), typeof(Engines))]
    public void Row_groups_are_bounded_by_bytes(string engine)
    {
        using var folder = new TestFolder();
        _ml.Data.SaveAsParquet(Texts(4000, 10_000), folder["t.parquet"],
            new() { Engine = ParquetEngines.Named(engine), RowGroupBytes = 10 << 20 });
        var groups = RowGroups(folder["t.parquet"]);
        Assert.IsTrue(groups.Length is >= 3 and <= 5, string.Join(' ', groups));
    }

    [TestMethod]
    [DynamicData(nameof(Engines.Each), typeof(Engines))]
    public void A_source_that_throws_midway_leaves_no_file(string engine)
    {
        using var folder = new TestFolder();
        var rows = Enumerable.Range(0, 10_000).Select(i =>
            i < 9000 ? new Text { Value = $"{i}" } : throw new TimeoutException("the teacher is away"));
        Assert.ThrowsExactly<TimeoutException>(() => _ml.Data.SaveAsParquet(
            _ml.Data.LoadFromEnumerable(rows), folder["t.parquet"], new() { Engine = ParquetEngines.Named(engine), RowGroupRows = 1000 }));
        Assert.IsEmpty(Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    [DynamicData(nameof(Engines.Each), typeof(Engines))]
    public void A_failure_leaves_the_file_that_was_there(string engine)
    {
        using var folder = new TestFolder();
        var options = new ParquetWriteOptions { Engine = ParquetEngines.Named(engine) };
        _ml.Data.SaveAsParquet(Texts(3, 3), folder["t.parquet"], options);
        Assert.ThrowsExactly<TimeoutException>(() => _ml.Data.SaveAsParquet(
            _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 1).Select(Text (_) => throw new TimeoutException())), folder["t.parquet"],
                options));
        Assert.HasCount(3, Table.Of(_ml.Data.LoadFromParquet(folder["t.parquet"])).Rows);
        _ml.Data.SaveAsParquet(Texts(5, 3), folder["t.parquet"], options);
        Assert.HasCount(5, Table.Of(_ml.Data.LoadFromParquet(folder["t.parquet"])).Rows);
    }

    [TestMethod]
    [DynamicData(nameof(Engines.Each), typeof(Engines))]
    public void A_cancelled_shard_is_not_a_whole_file(string engine)
    {
        using var folder = new TestFolder();
        using var source = new CancellationTokenSource();
        var rows = Enumerable.Range(0, 10_000).Select(i =>
        {
            if (i == 5500) source.Cancel();
            return new Text { Value = $"{i}" };
        });
        var format = new ParquetShardFormat(ParquetEngines.Named(engine), new() { RowGroupRows = 1000 });
        Assert.ThrowsExactly<OperationCanceledException>(
            () => format.Write(_ml.Data.LoadFromEnumerable(rows), folder["s.parquet"], Entries(), source.Token));
        if (File.Exists(folder["s.parquet"]))
            Assert.AreEqual(ErrorCode.DamagedFile,
                Assert.ThrowsExactly<PipelineException>(() => format.ReadFooter(folder["s.parquet"])).Code);
    }

    [TestMethod]
    [DynamicData(nameof(Engines.Each), typeof(Engines))]
    public void A_folder_that_is_not_there_is_an_output_error(string engine)
    {
        using var folder = new TestFolder();
        var error = Assert.ThrowsExactly<PipelineException>(
            () => _ml.Data.SaveAsParquet(Texts(1, 1), folder["no/t.parquet"], new() { Engine = ParquetEngines.Named(engine) }));
        Assert.AreEqual(ErrorCode.Output, error.Code);
    }

    [TestMethod]
    [DynamicData(nameof(Engines.Each), typeof(Engines))]
    public void Nulls_outlive_MLNETs_own_transforms(string engine)
    {
        using var folder = new TestFolder();
        var options = new ParquetWriteOptions { Engine = ParquetEngines.Named(engine) };
        Table table = new(
            [new("score", NumberDataViewType.Single, true), new("text", TextDataViewType.Instance, true),
                new("tags", new VectorDataViewType(TextDataViewType.Instance), true)],
            [[1f, null, null], [9f, "b", System.Array.Empty<object?>()], [2f, "c", new object?[] { "x", null }], [3f, "d", null]]);
        _ml.Data.SaveAsParquet(table.View, folder["1.parquet"], options);
        IDataView view = _ml.Data.LoadFromParquet(folder["1.parquet"]);
        view = _ml.Data.FilterRowsByColumn(view, "score", upperBound: 5);
        view = _ml.Transforms.CopyColumns("copy", "text").Append(_ml.Transforms.CopyColumns("tags copy", "tags")).Fit(view).Transform(view);
        _ml.Data.SaveAsParquet(_ml.Data.TakeRows(view, 2), folder["2.parquet"], options);
        var rows = Table.Of(_ml.Data.LoadFromParquet(folder["2.parquet"])).Rows.Select(row => string.Join(" | ", row.Select(Table.Text)));
        CollectionAssert.AreEqual(new[] { "1 | null | null | null | null", "2 | 'c' | ['x', null] | 'c' | ['x', null]" }, rows.ToArray());
    }

    [TestMethod]
    [DynamicData(nameof(Engines.Each), typeof(Engines))]
    public void A_replaced_column_does_not_inherit_nulls(string engine)
    {
        using var folder = new TestFolder();
        Table table = new([new("n", NumberDataViewType.Single, true)], [[null], [2f]]);
        var replaced = _ml.Transforms.CustomMapping<Number, Number>((row, copy) => copy.Value = row.Value, null).Fit(table.View).Transform(table.View);
        _ml.Data.SaveAsParquet(replaced, folder["t.parquet"], new() { Engine = ParquetEngines.Named(engine) });
        var loaded = Table.Of(_ml.Data.LoadFromParquet(folder["t.parquet"]));
        CollectionAssert.AreEqual(new[] { "n" }, loaded.Columns.Select(column => column.Name).ToArray());
        CollectionAssert.AreEqual(new object[] { 0f, 2f }, loaded.Rows.Select(row => row[0]).ToArray());
    }

    // Wrong minima and maxima would make readers leave out rows.
    [TestMethod]
    [DynamicData(nameof(Engines.Each), typeof(Engines))]
    public void DuckDB_finds_every_row_by_its_timestamp_and_text(string engine)
    {
        using var folder = new TestFolder();
        Table table = new(
            [new("t", DateTimeDataViewType.Instance, true), new("s", TextDataViewType.Instance, true),
                new("n", NumberDataViewType.Int32, true)],
            [.. Enumerable.Range(0, 3000).Select(i =>
                new object?[] { DateTime.UnixEpoch.AddDays(i), i % 2 == 0 ? "\ud83d\ude00" : "\uff21", i < 1000 ? null : i })]);
        _ml.Data.SaveAsParquet(table.View, folder["t.parquet"], new() { Engine = ParquetEngines.Named(engine), RowGroupRows = 500 });
        var file = $"'{folder["t.parquet"]}'";
        Assert.AreEqual("1", DuckDBQuery.Execute($"SELECT count(*) FROM {file} WHERE t = TIMESTAMP '1970-01-11'").Rows[0][0]);
        Assert.AreEqual("1500", DuckDBQuery.Execute($"SELECT count(*) FROM {file} WHERE s > '\uff21'").Rows[0][0]);
        CollectionAssert.AreEqual(new[] { "1000", "2999" }, DuckDBQuery.Execute($"SELECT min(n), max(n) FROM {file}").Rows[0].ToArray());
    }

    [TestMethod]
    public void Compressions_are_those_asked_for()
    {
        using var folder = new TestFolder();
        foreach (var engine in ParquetEngines.All)
        {
            (ParquetCompression, string)[] all =
                [(ParquetCompression.Zstd, "ZSTD"), (ParquetCompression.Snappy, "SNAPPY"), (ParquetCompression.None, "UNCOMPRESSED")];
            foreach (var (compression, name) in all)
            {
                _ml.Data.SaveAsParquet(Texts(10, 100), folder["t.parquet"], new() { Engine = engine, Compression = compression });
                var written = DuckDBQuery.Execute($"SELECT DISTINCT compression FROM parquet_metadata('{folder["t.parquet"]}')");
                Assert.AreEqual(name, written.Rows[0][0]);
            }
        }
    }

    private static Dictionary<string, string> Entries(params (string Key, string Value)[] entries) =>
        entries.ToDictionary(entry => entry.Key, entry => entry.Value);

    private static string?[] RowGroups(string path) =>
    [
        .. DuckDBQuery.Execute(
            $"SELECT row_group_id, any_value(row_group_num_rows) FROM parquet_metadata('{path}') GROUP BY 1 ORDER BY 1").Rows.Select(row => row[1]),
    ];

    private IDataView Texts(int rows, int length) =>
        _ml.Data.LoadFromEnumerable(Enumerable.Range(0, rows).Select(i => new Text { Value = new string((char)('a' + i % 26), length) }));

    private sealed class Text
    {
        public string Value { get; set; } = "";
    }

    private sealed class Number
    {
        [ColumnName("n")] public float Value { get; set; }
    }
}
