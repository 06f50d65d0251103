using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;
using ML.Pipelines.Stages;
using ML.Pipelines.Tests.Data;

namespace ML.Pipelines.Tests.Stages;

/// <summary>Which columns a stage's view has.</summary>
[TestClass]
public sealed class StageSchemaTests : FileTest
{
    private static readonly string[] Rows = ["""{"Number": 0, "t": "x", "l": [1, null]}""", """{"Number": 1}""", """{"Number": 2, "t": "", "l": []}"""];

    [TestMethod]
    public void Columns_ride_along_before_the_stages_own_and_their_companions()
    {
        var view = Transform(Binding(OutputColumn<string>.Text("Out", text => text, nullable: true)), Load(Rows));
        CollectionAssert.AreEqual(new[] { "Number", "t", "l", "t.null", "l.null", "Out", "Out.null" }, view.Schema.Select(column => column.Name).ToArray());
        CollectionAssert.AreEqual(new[] { "0, 'x', [1, null], '<0>'", "1, null, null, '<1>'", "2, '', [], '<2>'" }, RowText.Of(view).ToArray());
    }

    [TestMethod]
    public void A_replaced_column_and_its_companion_are_gone()
    {
        var view = Transform(Binding(OutputColumn<string>.Text("t", text => text)), Load(Rows));
        CollectionAssert.AreEqual(new[] { "Number", "l", "l.null", "t" }, view.Schema.Select(column => column.Name).ToArray());
        CollectionAssert.AreEqual(new[] { "'<0>'", "'<1>'", "'<2>'" }, RowText.Of(view, "t").ToArray());
    }

    [TestMethod]
    public void A_consumed_column_and_its_companion_are_gone()
    {
        var binding = Binding(OutputColumn<string>.Text("Out", text => text)) with { Consumes = schema => [schema["l"]] };
        CollectionAssert.AreEqual(new[] { "Number", "t", "t.null", "Out" }, Transform(binding, Load(Rows)).Schema.Select(column => column.Name).ToArray());
    }

    [TestMethod]
    public void Hidden_columns_do_not_ride_along()
    {
        var hidden = ML.Transforms.Conversion.ConvertType("Number", "Number", DataKind.String)
            .Append(ML.Transforms.Conversion.ConvertType("Number", "Number", DataKind.Int32)).Fit(Load(Rows)).Transform(Load(Rows));
        Assert.HasCount(7, hidden.Schema);
        var view = Transform(Fake.Binding(FakeStage.OneToOne), hidden);
        CollectionAssert.AreEquivalent(new[] { "Number", "t", "l", "t.null", "l.null", "Out" }, view.Schema.Select(column => column.Name).ToArray());
        Assert.IsFalse(view.Schema.Any(column => column.IsHidden));
    }

    [TestMethod]
    public void Annotations_ride_along_and_a_stages_own_are_added()
    {
        var column = OutputColumn<string>.Text("Out", text => text, nullable: true, new Dictionary<string, string> { ["TextOf"] = "Number" });
        var schema = Transform(Binding(column), Load(Rows)).Schema;
        Assert.AreEqual("Number", Annotation(schema["Out"], "TextOf"));
        Assert.AreEqual("Out.null", Annotation(schema["Out"], Nulls.CompanionAnnotation));
        Assert.AreEqual("t.null", Annotation(schema["t"], Nulls.CompanionAnnotation));
    }

    [TestMethod]
    public void Nulls_of_a_stage_are_beside_its_values()
    {
        var list = OutputColumn<string>.Create("List", new VectorDataViewType(NumberDataViewType.Int64),
            text => new VBuffer<long>(1, [text.Length]), text => text == "<1>");
        var number = OutputColumn<string>.Create("Length", NumberDataViewType.Int32, text => text.Length, text => text == "<1>");
        var view = Transform(Binding(OutputColumn<string>.Text("Out", text => text == "<1>" ? null : text, nullable: true), number), Load(Rows));
        CollectionAssert.AreEqual(new[] { "'<0>', 3", "null, null", "'<2>', 3" }, RowText.Of(view, "Out", "Length").ToArray());
        var lists = Transform(Binding(list), Load(Rows));
        Assert.AreEqual("Vector<Boolean>", lists.Schema["List.null"].Type.ToString());
        using var cursor = Fake.Open(lists, "List.null");
        var nulls = Columns.Value<VBuffer<bool>>(cursor, lists.Schema["List.null"]);
        var lengths = new List<int>();
        while (cursor.MoveNext()) lengths.Add(nulls().Length);
        CollectionAssert.AreEqual(new[] { 0, 1, 0 }, lengths);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_copy_keeps_its_nulls_when_a_stage_replaces_the_original(bool nullable)
    {
        var copied = ML.Transforms.CopyColumns("copy", "t").Fit(Load(Rows)).Transform(Load(Rows));
        var replaced = Transform(Binding(OutputColumn<string>.Text("t", text => text == "<0>" && nullable ? null : text, nullable)), copied);
        CollectionAssert.AreEqual(
            new[] { nullable ? "null, 'x'" : "'<0>', 'x'", "'<1>', null", "'<2>', ''" }, RowText.Of(replaced, "t", "copy").ToArray());
    }

    [TestMethod]
    public void A_copy_keeps_its_nulls_when_a_stage_consumes_the_original()
    {
        var copied = ML.Transforms.CopyColumns("copy", "t").Fit(Load(Rows)).Transform(Load(Rows));
        var binding = Binding(OutputColumn<string>.Text("Out", text => text)) with { Consumes = schema => [schema["t"]] };
        CollectionAssert.AreEqual(new[] { "'x'", "null", "''" }, RowText.Of(Transform(binding, copied), "copy").ToArray());
    }

    [TestMethod]
    public void A_column_that_has_an_outputs_companions_name_rides_along()
    {
        var view = Transform(Binding(OutputColumn<string>.Text("Out", text => null, nullable: true)), Load("""{"Number": 7, "Out.null": "mine"}"""));
        CollectionAssert.AreEqual(new[] { "7, 'mine', null" }, RowText.Of(view).ToArray());
    }

    [TestMethod]
    public void A_missing_input_column_is_refused_before_any_row_is_read()
    {
        var binding = Fake.Binding(FakeStage.OneToOne) with { Inputs = schema => [Columns.Get(schema, "absent", "inputColumnName")] };
        StringAssert.Contains(Throws(ErrorCode.MissingColumn, () => Transform(binding, Load(Rows))).Message, "Column 'absent' (inputColumnName)");
    }

    [TestMethod]
    public void An_output_of_another_type_than_its_values_is_refused() =>
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => OutputColumn<string>.Create("n", NumberDataViewType.Int64, text => text.Length)).Message,
            "Column 'n' of Int64 takes System.Int64, not System.Int32.");

    [TestMethod]
    public void Vectors_of_a_stage_stay_as_they_are_when_a_reader_writes_into_its_copy()
    {
        var shared = new VBuffer<float>(3, [1, 2, 3]);
        var view = Transform(Binding(OutputColumn<string>.Create("v", new VectorDataViewType(NumberDataViewType.Single), _ => shared)), Load(Rows));
        using var cursor = Fake.Open(view, "v");
        var get = cursor.GetGetter<VBuffer<float>>(view.Schema["v"]);
        VBuffer<float> value = default;
        while (cursor.MoveNext())
        {
            get(ref value);
            CollectionAssert.AreEqual(new float[] { 1, 2, 3 }, value.DenseValues().ToArray());
            VBufferEditor.CreateFromBuffer(ref value).Values.Fill(-1);
        }
    }

    private static IDataView Transform(StageBinding<int, string> binding, IDataView input) =>
        (binding with { Read = Number }).Transform(input);

    private static StageBinding<int, string> Binding(params OutputColumn<string>[] outputs) => Fake.Binding(FakeStage.OneToOne) with { Outputs = _ => outputs };

    private static Func<int> Number(DataViewRow row)
    {
        var text = Columns.TextOrNull(row, row.Schema["Number"]);
        return () => int.Parse(text()!, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string Annotation(DataViewSchema.Column column, string key)
    {
        ReadOnlyMemory<char> value = default;
        column.Annotations.GetValue(key, ref value);
        return value.ToString();
    }
}
