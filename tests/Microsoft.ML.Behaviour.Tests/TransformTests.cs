using Microsoft.ML.Data;
using static Microsoft.ML.Behaviour.Tests.Sample;

namespace Microsoft.ML.Behaviour.Tests;

[TestClass]
public sealed class TransformTests
{
    private static TransformsCatalog Transforms => Context.Transforms;

    [TestMethod]
    public void A_copy_comes_last_or_directly_after_the_column_that_it_hides()
    {
        Assert.AreEqual("A:Single, B:String, C:Int32, D:String", Describe(Run(Transforms.CopyColumns("D", "B")).Schema));
        Assert.AreEqual("A:Single!, A:Int32, B:String, C:Int32", Describe(Run(Transforms.CopyColumns("A", "C")).Schema));
    }

    [TestMethod]
    public void Selected_columns_are_in_the_order_asked_for_and_not_hidden_unless_asked()
    {
        var hidden = Run(Transforms.CopyColumns("A", "C"));

        Assert.AreEqual("C:Int32, A:Single", Describe(Run(Transforms.SelectColumns("C", "A")).Schema));
        Assert.AreEqual("A:Int32, B:String", Describe(Run(Transforms.SelectColumns("A", "B"), hidden).Schema));
        Assert.AreEqual("A:Single!, A:Int32, B:String",
            Describe(Run(Transforms.SelectColumns(["A", "B"], keepHidden: true), hidden).Schema));
    }

    [TestMethod]
    public void Dropping_keeps_the_order_and_other_hidden_columns()
    {
        var hidden = Run(Transforms.CopyColumns("A", "C"));

        Assert.AreEqual("A:Single, C:Int32", Describe(Run(Transforms.DropColumns("B")).Schema));
        Assert.AreEqual("A:Single!, A:Int32, C:Int32", Describe(Run(Transforms.DropColumns("B"), hidden).Schema));
        Assert.AreEqual("B:String, C:Int32", Describe(Run(Transforms.DropColumns("A"), hidden).Schema));
    }

    [TestMethod]
    public void A_missing_input_is_named_when_fitting_shaping_and_transforming()
    {
        IEstimator<ITransformer>[] estimators =
            [Transforms.CopyColumns("D", "nope"), Transforms.DropColumns("nope"), Transforms.SelectColumns("nope")];
        foreach (var estimator in estimators)
        {
            Throws<ArgumentOutOfRangeException>("Could not find input column 'nope' (Parameter 'inputSchema')", () => estimator.Fit(Rows));
            Throws<ArgumentOutOfRangeException>("Could not find input column 'nope' (Parameter 'inputSchema')",
                () => estimator.GetOutputSchema(SchemaShapes.Of(Rows.Schema)));
        }

        var other = Context.Data.LoadFromEnumerable([new One<float>()]);
        Throws<ArgumentOutOfRangeException>("Could not find input column 'A'",
            () => Transforms.CopyColumns("D", "A").Fit(Rows).Transform(other));
        Throws<ArgumentOutOfRangeException>("Could not find input column 'A'",
            () => Transforms.DropColumns("A").Fit(Rows).Transform(other));
    }

    [TestMethod]
    public void Shapes_keep_the_inputs_order()
    {
        var shape = SchemaShapes.Of(Rows.Schema);

        Assert.AreEqual("A:Scalar:Single, C:Scalar:Int32", Describe(Transforms.SelectColumns("C", "A").GetOutputSchema(shape)));
        Assert.AreEqual("A:Scalar:String, B:Scalar:String, C:Scalar:Int32",
            Describe(Transforms.CopyColumns("A", "B").GetOutputSchema(shape)));
    }

    [TestMethod]
    public void A_mapping_adds_its_columns_and_is_called_once_a_row_and_only_if_read()
    {
        var calls = 0;
        var mapped = Run(Transforms.CustomMapping<Row, One<string>>(
            (row, result) => (calls, result.Value) = (calls + 1, row.B + row.C), null));

        Assert.AreEqual("A:Single, B:String, C:Int32, Value:String", Describe(mapped.Schema));
        CollectionAssert.AreEqual(new[] { "x5", "6", "z7" }, mapped.GetColumn<string>("Value").ToArray());
        Assert.AreEqual(3, calls);
        Assert.HasCount(3, mapped.GetColumn<int>("C"));
        Assert.AreEqual(3, calls);
    }

    [TestMethod]
    public void A_mapping_reads_and_writes_own_types()
    {
        TraceDataViewType.Register();
        var data = Context.Data.LoadFromEnumerable([new One<Trace> { Value = new Trace("a") }]);
        var louder = Transforms.CustomMapping<One<Trace>, One<Trace>>((from, to) => to.Value = new Trace(from.Value!.Text + "!"), null);

        Assert.AreEqual(new Trace("a!"), Run(louder, data).GetColumn<Trace>("Value").Single());
    }

    [TestMethod]
    public void What_a_mapping_throws_arrives_wrapped_where_the_columns_are_read_ahead()
    {
        var mapped = Run(Transforms.CustomMapping<Row, One<string>>((_, _) => throw new NotSupportedException("mapping"), null));

        var thrown = Assert.ThrowsExactly<InvalidOperationException>(() => mapped.GetColumn<string>("Value").ToArray());

        Assert.StartsWith("Splitter/consolidator worker encountered exception", thrown.Message);
        Assert.AreEqual("mapping", thrown.GetBaseException().Message);
    }

    [TestMethod]
    public void What_a_source_throws_passes_through_filters_and_is_wrapped_by_copies_and_caches()
    {
        static IEnumerable<Row> Source()
        {
            yield return new Row();
            throw new NotSupportedException("source");
        }

        var data = Context.Data.LoadFromEnumerable(Source());
        var copied = Run(Transforms.CopyColumns("D", "A"), data);

        Assert.ThrowsExactly<NotSupportedException>(() => Context.Data.FilterRowsByColumn(data, "A").GetColumn<float>("A").ToArray());
        Assert.ThrowsExactly<NotSupportedException>(() => copied.GetColumn<float>("A").ToArray());
        foreach (var view in new[] { copied, Run(Transforms.CopyColumns("D", "A"), Context.Data.Cache(data)) })
        {
            var thrown = Assert.ThrowsExactly<InvalidOperationException>(() => view.GetColumn<float>("D").ToArray());
            Assert.AreEqual("source", thrown.GetBaseException().Message);
        }
    }

    [TestMethod]
    public void A_row_mapper_knows_its_dependencies_and_maps_a_row()
    {
        ITransformer chain = Transforms.CopyColumns("D", "B").Append(Transforms.SelectColumns("D")).Fit(Rows);
        var mapper = chain.GetRowToRowMapper(Rows.Schema);
        using var cursor = Rows.GetRowCursor(Rows.Schema);
        using var row = mapper.GetRow(cursor, mapper.OutputSchema);
        var get = row.GetGetter<ReadOnlyMemory<char>>(row.Schema["D"]);
        ReadOnlyMemory<char> text = default;
        cursor.MoveNext();

        get(ref text);

        Assert.IsTrue(chain.IsRowToRowMapper);
        Assert.AreEqual("x", text.ToString());
        Assert.AreEqual("B", mapper.GetDependencies(mapper.OutputSchema).Single().Name);
    }

    private static IDataView Run(IEstimator<ITransformer> estimator, IDataView? data = null)
        => estimator.Fit(data ?? Rows).Transform(data ?? Rows);
}
