using Apache.Arrow;
using Apache.Arrow.Types;
using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;
using ML.Pipelines.Parquet.DuckDB;

namespace ML.Pipelines.Parquet.Tests;

[TestClass]
public sealed class ColumnTests
{
    private readonly MLContext _ml = new();

    [TestMethod]
    [DynamicData(nameof(Engines.Each), typeof(Engines))]
    public void Files_whose_columns_differ_in_type_are_refused(string engine)
    {
        using var folder = new TestFolder();
        Copy(folder["1.parquet"], "SELECT 1 AS a, 'x' AS b");
        Copy(folder["2.parquet"], "SELECT 1 AS a, 2 AS b");
        var error = AssertRefused(folder["*.parquet"], engine, ErrorCode.TypeMismatch);
        foreach (var part in new[] { "1.parquet", "2.parquet", "'b'", "Int32", "String" }) StringAssert.Contains(error.Message, part);
    }

    [TestMethod]
    [DataRow("SELECT 2 AS b, 1 AS a", "'b'")]
    [DataRow("SELECT 1 AS a", "no column")]
    [DataRow("SELECT 1 AS a, 2 AS b, 3 AS c", "'c'")]
    public void Files_whose_columns_differ_in_name_order_or_number_are_refused(string second, string named)
    {
        using var folder = new TestFolder();
        Copy(folder["1.parquet"], "SELECT 1 AS a, 2 AS b");
        Copy(folder["2.parquet"], second);
        foreach (var engine in ParquetEngines.All)
            StringAssert.Contains(AssertRefused(folder["*.parquet"], engine.Name, ErrorCode.MissingColumn).Message, named);
    }

    [TestMethod]
    [DynamicData(nameof(Engines.Each), typeof(Engines))]
    public void Files_that_share_the_columns_asked_for_are_read_together(string engine)
    {
        using var folder = new TestFolder();
        Copy(folder["1.parquet"], "SELECT 1 AS a, 2 AS b");
        Copy(folder["2.parquet"], "SELECT 'x' AS b, 3 AS a");
        var table = Table.Of(_ml.Data.LoadFromParquet(folder["*.parquet"],
            new() { Engine = ParquetEngines.Named(engine), Columns = ["a"] }));
        CollectionAssert.AreEqual(new object[] { 1, 3 }, table.Rows.Select(row => row[0]).ToArray());
    }

    [TestMethod]
    [DynamicData(nameof(Engines.Each), typeof(Engines))]
    public void Timestamps_of_any_unit_are_read_together(string engine)
    {
        using var folder = new TestFolder();
        Copy(folder["1.parquet"], "SELECT TIMESTAMP_MS '2026-01-02 03:04:05.678' AS t, TIMESTAMPTZ '2026-01-02 03:04:05+00' AS z");
        Copy(folder["2.parquet"],
            "SELECT TIMESTAMP_NS '2026-01-02 03:04:05.1234567' AS t, TIMESTAMPTZ '1960-01-02 03:04:05.000001+00' AS z");
        Copy(folder["3.parquet"], "SELECT TIMESTAMP '1960-01-02 03:04:05.678901' AS t, NULL::TIMESTAMPTZ AS z");
        var table = Table.Of(_ml.Data.LoadFromParquet(folder["*.parquet"], new() { Engine = ParquetEngines.Named(engine) }));
        CollectionAssert.AreEqual(
            new[] { "2026-01-02T03:04:05.6780000", "2026-01-02T03:04:05.1234567", "1960-01-02T03:04:05.6789010" },
            table.Rows.Select(row => Table.Text(row[0])).ToArray());
        Assert.AreEqual("1960-01-02T03:04:05.0000010+00:00", Table.Text(table.Rows[1][1]));
        Assert.IsNull(table.Rows[2][1]);
    }

    [TestMethod]
    [DataRow("[[1]]", "list<list<int32>>")]
    [DataRow("{'a': {'b': 1}}", "struct<a: struct<b: int32>>")]
    [DataRow("{'a': [1]}", "struct<a: list<int32>>")]
    [DataRow("[{'a': [1]}]", "list<struct<a: list<int32>>>")]
    [DataRow("MAP {'a': 1}", "map<utf8, int32>")]
    [DataRow("1.25::DECIMAL(9, 2)", "decimal(9, 2)")]
    [DataRow("'x'::BLOB", "binary")]
    [DataRow("DATE '2026-01-01'", "date32")]
    [DataRow("TIME '01:02:03'", "time64")]
    public void A_column_of_a_type_without_counterpart_is_named_and_can_be_left_out(string value, string type)
    {
        using var folder = new TestFolder();
        Copy(folder["1.parquet"], $"SELECT 'kept' AS a, {value} AS odd, 7 AS b");
        foreach (var engine in ParquetEngines.All)
        {
            var message = AssertRefused(folder["1.parquet"], engine.Name, ErrorCode.UnsupportedType).Message;
            string[] parts = ["1.parquet", "'odd'", type, nameof(ParquetReadOptions.LeaveOutUnsupported)];
            foreach (var part in parts) StringAssert.Contains(message, part);
            var kept = Table.Of(_ml.Data.LoadFromParquet(folder["1.parquet"], new() { Engine = engine, LeaveOutUnsupported = true }));
            CollectionAssert.AreEqual(new object[] { "kept", 7 }, kept.Rows[0]);
        }
    }

    // Parquet.Net 6.1 does not read lists in data pages of version 2.
    [TestMethod]
    public void What_an_engine_cannot_read_is_an_error_that_names_the_other()
    {
        using var folder = new TestFolder();
        Copy(folder["1.parquet"], "SELECT i AS n, 'text ' || i AS s, [i, NULL] AS list FROM range(5000) t(i)", "PARQUET_VERSION V2");
        var rows = Table.Of(_ml.Data.LoadFromParquet(folder["1.parquet"], new() { Engine = new DuckDBEngine() })).Rows;
        Assert.AreEqual("4999 | 'text 4999' | [4999, null]", string.Join(" | ", rows[4999].Select(Table.Text)));
        foreach (var engine in ParquetEngines.All.Where(engine => engine is not DuckDBEngine))
        {
            try
            {
                _ = Table.Of(_ml.Data.LoadFromParquet(folder["1.parquet"], new() { Engine = engine }));
            }
            catch (PipelineException exception)
            {
                Assert.AreEqual(ErrorCode.UnsupportedType, exception.Code, exception.Message);
                StringAssert.Contains(exception.Message, "DuckDB");
            }
        }
    }

    [TestMethod]
    [DataRow("", "without a name")]
    [DataRow("b", "two columns named 'b'")]
    public void A_column_without_a_name_and_two_with_one_name_are_refused_unless_others_are_asked_for(string name, string named)
    {
        var schema = new Schema(new[] { name, "b", "c" }.Select(column => new Field(column, Int32Type.Default, true)), null);
        var error = Assert.ThrowsExactly<PipelineException>(() => ColumnSelection.Of("odd.parquet", schema, new()));
        Assert.AreEqual(ErrorCode.UnsupportedType, error.Code);
        StringAssert.Contains(error.Message, "odd.parquet");
        StringAssert.Contains(error.Message, named);
        CollectionAssert.AreEqual(new[] { 2 }, ColumnSelection.Of("odd.parquet", schema, new() { Columns = ["c"] }).Indices);
    }

    [TestMethod]
    [DynamicData(nameof(Engines.Each), typeof(Engines))]
    public void Keys_are_refused_by_name(string engine)
    {
        using var folder = new TestFolder();
        var keyed = _ml.Data.LoadFromEnumerable([new Labelled { Label = 1 }]);
        var error = Assert.ThrowsExactly<PipelineException>(
            () => _ml.Data.SaveAsParquet(keyed, folder["k.parquet"], new() { Engine = ParquetEngines.Named(engine) }));
        Assert.AreEqual(ErrorCode.UnsupportedType, error.Code);
        StringAssert.Contains(error.Message, "'Label'");
        StringAssert.Contains(error.Message, "MapKeyToValue");
        Assert.IsEmpty(Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    [DynamicData(nameof(Engines.Each), typeof(Engines))]
    public void Role_and_content_are_messages(string engine)
    {
        using var folder = new TestFolder();
        Copy(folder["1.parquet"], "SELECT [{'role': 'user', 'content': 'hi'}, {'role': 'assistant', 'content': NULL}] AS messages");
        var view = _ml.Data.LoadFromParquet(folder["1.parquet"], new() { Engine = ParquetEngines.Named(engine) });
        using var cursor = view.GetRowCursor(view.Schema);
        cursor.MoveNext();
        IReadOnlyList<Message> messages = [];
        cursor.GetGetter<IReadOnlyList<Message>>(view.Schema["messages"])(ref messages);
        CollectionAssert.AreEqual(new Message[] { new("user", "hi"), new("assistant", null) }, messages.ToArray());
    }

    [TestMethod]
    public void DuckDB_refuses_to_write_names_that_differ_only_in_case()
    {
        using var folder = new TestFolder();
        Table table = new([new("A", NumberDataViewType.Int32, false), new("a", NumberDataViewType.Int32, false)], [[1, 2]]);
        var error = Assert.ThrowsExactly<PipelineException>(
            () => _ml.Data.SaveAsParquet(table.View, folder["t.parquet"], new() { Engine = new DuckDBEngine() }));
        Assert.AreEqual(ErrorCode.UnsupportedType, error.Code);
        StringAssert.Contains(error.Message, "A, a");
    }

    private static void Copy(string path, string sql, string options = "COMPRESSION zstd")
    {
        using var database = new DuckDBDatabase(threads: 1, memoryLimit: null);
        using var connection = database.Connect();
        connection.Execute($"COPY ({sql}) TO {DuckDBConnection.Literal(path)} (FORMAT parquet, {options})");
    }

    private PipelineException AssertRefused(string path, string engine, string code)
    {
        var error = Assert.ThrowsExactly<PipelineException>(() =>
            _ml.Data.LoadFromParquet(path, new() { Engine = ParquetEngines.Named(engine) }));
        Assert.AreEqual(code, error.Code);
        return error;
    }

    private sealed class Labelled
    {
        [KeyType(10)] public uint Label { get; set; }
    }
}
