using Microsoft.ML;
using ML.Pipelines.Compression;
using ML.Pipelines.Data;
using ML.Pipelines.Traces;

namespace ML.Pipelines.Parquet.Tests;

/// <summary>The column of spans that compression drops, in files.</summary>
[TestClass]
public sealed class DroppedSpansTests
{
    private static readonly Row[] Rows =
    [
        new() { Id = 1, Dropped = [new(0, 4, 1, 2.5, -.25), new(9, 20, 3, 7, 0)] },
        new() { Id = 2, Dropped = [] },
        new() { Id = 3, Dropped = [new(5, 8, 1, null, null), new(int.MaxValue - 1, int.MaxValue, 1, 1e-300, null)] },
    ];

    private readonly MLContext _ml = new();

    [TestMethod]
    [DynamicData(nameof(Engines.Pairs), typeof(Engines))]
    public void They_come_back_with_their_nulls(string writer, string reader)
    {
        using var folder = new TestFolder();
        var loaded = Table.Of(RoundTrip(folder, writer, reader));
        Assert.AreEqual("[{0, 4, 1, 2.5, -0.25}, {9, 20, 3, 7, 0}] [] [{5, 8, 1, null, null}, {2147483646, 2147483647, 1, 1E-300, null}]",
            string.Join(' ', loaded.Rows.Select(row => Table.Text(row[1]))));
    }

    [TestMethod]
    [DynamicData(nameof(Engines.Pairs), typeof(Engines))]
    public void Their_column_has_the_type_of_its_data_schema(string writer, string reader)
    {
        using var folder = new TestFolder();
        var contract = DataSchemas.Get("compressed").Columns.Single(column => column.Name == "dropped").DataViewType;
        Assert.AreEqual(contract, RoundTrip(folder, writer, reader).Schema["Dropped"].Type);
    }

    private RecordDataView RoundTrip(TestFolder folder, string writer, string reader)
    {
        _ml.Data.SaveAsParquet(_ml.Data.LoadFromEnumerable(Rows), folder["dropped.parquet"], new() { Engine = ParquetEngines.Named(writer) });
        return _ml.Data.LoadFromParquet(folder["dropped.parquet"], new() { Engine = ParquetEngines.Named(reader) });
    }

    private sealed class Row
    {
        public int Id { get; set; }

        [DroppedSpans]
        public IReadOnlyList<DroppedSpan> Dropped { get; set; } = [];
    }
}
