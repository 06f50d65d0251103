using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;
using ML.Pipelines.Parquet.DuckDB;

namespace ML.Pipelines.Parquet.Tests;

[TestClass]
public sealed class RoundTripTests
{
    private readonly MLContext _ml = new();

    [TestMethod]
    [DynamicData(nameof(Engines.Pairs), typeof(Engines))]
    public void Every_type_with_nulls_at_every_place_comes_back(string writer, string reader)
    {
        var table = Samples.Everything(seed: 1, rows: 2500);
        Assert.AreEqual(table.ToString(), RoundTrip(table, writer, reader, rowGroupRows: 1100).ToString());
    }

    [TestMethod]
    [DynamicData(nameof(Engines.Pairs), typeof(Engines))]
    public void Any_table_comes_back(string writer, string reader)
    {
        var tables = from seed in Gen.Choose(0, int.MaxValue) from rows in Gen.Choose(0, 40) select Samples.AnyTable(seed, rows);
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(25).WithReplay(7, 9),
            Prop.ForAll(tables.ToArbitrary(), table => RoundTrip(table, writer, reader, rowGroupRows: 7).ToString() == table.ToString()));
    }

    [TestMethod]
    [DynamicData(nameof(Engines.Pairs), typeof(Engines))]
    public void A_view_without_rows_keeps_its_columns(string writer, string reader)
    {
        var table = Samples.Everything(seed: 1, rows: 0);
        Assert.AreEqual(table.ToString(), RoundTrip(table, writer, reader).ToString());
    }

    [TestMethod]
    [DynamicData(nameof(Engines.Pairs), typeof(Engines))]
    public void A_scalar_column_without_nulls_is_not_nullable(string writer, string reader)
    {
        Table table = new(
            [new("n", NumberDataViewType.Int32, false), new("some", NumberDataViewType.Int32, true),
                new("s", TextDataViewType.Instance, false)],
            [[1, null, "a"], [2, 2, "b"]]);
        var columns = RoundTrip(table, writer, reader).Columns;
        CollectionAssert.AreEqual(table.Columns.ToArray(), columns.ToArray());
    }

    [TestMethod]
    [DynamicData(nameof(Engines.Pairs), typeof(Engines))]
    public void A_list_of_a_class_of_ones_own_is_written_and_read_as_structs(string writer, string reader)
    {
        Table table = new(
            [new("steps", new StepListDataViewType(), true)],
            [[new StructValue?[] { new("first", 1), null, new(null, 3) }], [null], [System.Array.Empty<StructValue?>()]]);
        var loaded = RoundTrip(table, writer, reader);
        Assert.AreEqual("[{'first', 1}, null, {null, 3}] null []", string.Join(' ', loaded.Rows.Select(row => Table.Text(row[0]))));
        Assert.AreEqual(StructListDataViewType.For([StructField.Text("text"), new("rank", NumberDataViewType.Int32)]),
            loaded.Columns[0].Type);
    }

    [TestMethod]
    [DynamicData(nameof(Engines.Each), typeof(Engines))]
    public void Vectors_of_fixed_size_and_sparse_ones_become_lists(string engine)
    {
        using var folder = new TestFolder();
        var view = _ml.Data.LoadFromEnumerable([new Features { Fixed = [1, 2, 3], Sparse = new VBuffer<float>(4, 1, [5f], [2]) }]);
        _ml.Data.SaveAsParquet(view, folder["v.parquet"], new() { Engine = ParquetEngines.Named(engine) });
        var loaded = Table.Of(_ml.Data.LoadFromParquet(folder["v.parquet"], new() { Engine = ParquetEngines.Named(engine) }));
        Assert.AreEqual("[1, 2, 3] [0, 0, 5, 0]", string.Join(' ', loaded.Rows[0].Select(Table.Text)));
    }

    [TestMethod]
    [DynamicData(nameof(Engines.Each), typeof(Engines))]
    public void Half_a_surrogate_pair_becomes_one_replacement_character(string engine)
    {
        Table table = new([new("s", TextDataViewType.Instance, false)], [["a\ud83db"]]);
        Assert.AreEqual("a\ufffdb", RoundTrip(table, engine, engine).Rows[0][0]);
    }

    [TestMethod]
    [DynamicData(nameof(Engines.Each), typeof(Engines))]
    public void Ticks_below_a_microsecond_are_cut_off_towards_the_past(string engine)
    {
        Table table = new([new("t", DateTimeDataViewType.Instance, false)],
            [[DateTime.UnixEpoch.AddTicks(-1)], [DateTime.UnixEpoch.AddTicks(19)]]);
        var ticks = RoundTrip(table, engine, engine).Rows.Select(row => ((DateTime)row[0]!).Ticks - DateTime.UnixEpoch.Ticks);
        CollectionAssert.AreEqual(new long[] { -10, 10 }, ticks.ToArray());
    }

    [TestMethod]
    public void All_engines_write_the_same_logical_schema()
    {
        using var folder = new TestFolder();
        var table = Samples.Everything(seed: 2, rows: 10);
        var schemas = ParquetEngines.All.Select(engine =>
        {
            var path = folder[$"{engine.Name}.parquet"];
            _ml.Data.SaveAsParquet(table.View, path, new() { Engine = engine });
            var leaves = DuckDBQuery.Execute($"SELECT path_in_schema FROM parquet_metadata('{path}')");
            var levels = DuckDBQuery.Execute($"SELECT name, type, repetition_type FROM parquet_schema('{path}') OFFSET 1");
            var types = DuckDBQuery.Execute($"DESCRIBE SELECT * FROM '{path}'");
            return string.Join('\n', new[] { leaves, levels, types }.SelectMany(result => result.Rows).Select(row =>
                string.Join(' ', row)));
        });
        Assert.HasCount(1, schemas.Distinct().ToArray());
    }

    [TestMethod]
    [DynamicData(nameof(Engines.Each), typeof(Engines))]
    public void DuckDB_sees_the_rows_and_values_that_an_engine_wrote(string writer)
    {
        using var folder = new TestFolder();
        var table = Samples.Everything(seed: 2, rows: 300);
        _ml.Data.SaveAsParquet(table.View, folder["all.parquet"], new() { Engine = ParquetEngines.Named(writer) });
        var nulls = table.Rows.Count(row => row[0] is null);
        var largest = table.Rows.Max(row => (long?)row[8]);
        var result = DuckDBQuery.Execute(
            "SELECT count(*) AS n, count(*) - count(\"scalar String\") AS nulls, max(\"scalar Int64\") AS largest " +
            $"FROM '{folder["all.parquet"]}'");
        CollectionAssert.AreEqual(new[] { "n", "nulls", "largest" }, result.Columns.ToArray());
        CollectionAssert.AreEqual(new[] { "300", $"{nulls}", $"{largest}" }, result.Rows[0].ToArray());
    }

    private static Table RoundTrip(Table table, string writer, string reader, int rowGroupRows = 1000)
    {
        using var folder = new TestFolder();
        var ml = new MLContext();
        ml.Data.SaveAsParquet(table.View, folder["t.parquet"],
            new() { Engine = ParquetEngines.Named(writer), RowGroupRows = rowGroupRows });
        return Table.Of(ml.Data.LoadFromParquet(folder["t.parquet"], new() { Engine = ParquetEngines.Named(reader) }));
    }

    private sealed class Features
    {
        [VectorType(3)]
        public float[] Fixed { get; set; } = [];

        [VectorType(4)]
        public VBuffer<float> Sparse { get; set; }
    }

    private sealed record Step(string? Text, int? Rank);

    private sealed class StepListDataViewType()
        : StructListDataViewType<Step>([StructField.Text("text"), new("rank", NumberDataViewType.Int32)])
    {
        protected override StructValue ToStruct(Step element) => new(element.Text, element.Rank);

        protected override Step FromStruct(StructValue value) => new((string?)value[0], (int?)value[1]);
    }
}
