using global::Parquet;
using global::Parquet.Schema;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace ML.Pipelines.Parquet.Tests.ParquetNet;

/// <summary>Layouts that our writers do not make and others do: REQUIRED fields, repeated fields without a list around them.</summary>
[TestClass]
public sealed class RequiredFieldsTests
{
    private static readonly ParquetSchema Schema = new(
        new DataField("n", typeof(int), isNullable: false),
        new DataField("s", typeof(string), isNullable: false),
        new DataField("repeated", typeof(int), isNullable: false, isArray: true),
        new ListField("list", new DataField("element", typeof(int), isNullable: false)),
        new ListField("structs", new StructField("element", new DataField("a", typeof(int), isNullable: false),
            new DataField("b", typeof(string), isNullable: true))));

    [TestMethod]
    [DynamicData(nameof(Engines.Each), typeof(Engines))]
    public async Task Required_and_repeated_fields_are_read(string engine)
    {
        using var folder = new TestFolder();
        await WriteAsync(folder["r.parquet"]);
        var table = Table.Of(new MLContext().Data.LoadFromParquet(folder["r.parquet"], new() { Engine = ParquetEngines.Named(engine) }));
        CollectionAssert.AreEqual(
            new[] { "1 | 'x' | [1, 2] | [5] | [{1, 'p'}, {2, null}]", "2 | '' | [] | [] | []", "3 | 'z' | [3] | null | null" },
            table.Rows.Select(row => string.Join(" | ", row.Select(Table.Text))).ToArray());
        CollectionAssert.AreEqual(new[] { false, false, false, true, true }, table.Columns.Select(column => column.Nullable).ToArray());
    }

    [TestMethod]
    [DynamicData(nameof(Engines.Each), typeof(Engines))]
    public void Columns_whose_names_differ_only_in_case_keep_their_names(string engine)
    {
        using var folder = new TestFolder();
        var ml = new MLContext();
        Table table = new([new("A", NumberDataViewType.Int32, true), new("a", NumberDataViewType.Int32, false)], [[null, 2]]);
        ml.Data.SaveAsParquet(table.View, folder["a.parquet"], new() { Engine = ParquetEngines.Default });
        var loaded = Table.Of(ml.Data.LoadFromParquet(folder["a.parquet"], new() { Engine = ParquetEngines.Named(engine) }));
        CollectionAssert.AreEqual(table.Columns.ToArray(), loaded.Columns.ToArray());
        CollectionAssert.AreEqual(table.Rows[0], loaded.Rows[0]);
    }

    private static async Task WriteAsync(string path)
    {
        await using var file = File.Create(path);
        await using var writer = await ParquetWriter.CreateAsync(Schema, file);
        using var group = writer.CreateRowGroup();
        var fields = Schema.DataFields;
        await group.WriteAsync<int>(fields[0], new[] { 1, 2, 3 });
        await group.WriteAsync(fields[1], new[] { "x", "", "z" });
        await WriteAllAsync(group, fields[2], [1, 2, 3], [1, 1, 0, 1], [0, 1, 0, 0]);
        await WriteAllAsync(group, fields[3], [5], [2, 1, 0], [0, 0, 0]);
        await WriteAllAsync(group, fields[4], [1, 2], [3, 3, 1, 0], [0, 1, 0, 0]);
        await WriteAllAsync(group, fields[5], ["p".AsMemory()], [4, 3, 1, 0], [0, 1, 0, 0]);
    }

    private static Task WriteAllAsync<T>(ParquetRowGroupWriter group, DataField field, T[] values, int[] definitions, int[] repetitions)
        where T : struct =>
        group.WriteAllPartsAsync<T>(field, values, definitions, repetitions, CancellationToken.None);
}
