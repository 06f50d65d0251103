using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;

namespace ML.Pipelines.Tests.Data;

[TestClass]
public sealed class NullsTests : FileTest
{
    private static readonly string[] Rows =
    [
        """{"id": 1, "text": "x", "list": [1, null], "struct": {"x": 1}, "structs": [{"x": 1}]}""",
        """{"id": 2}""",
        """{"id": 3, "text": "", "list": [], "struct": {"x": null}, "structs": []}""",
    ];

    [TestMethod]
    [DataRow("text", "Boolean")]
    [DataRow("list", "Vector<Boolean>")]
    [DataRow("struct", "Boolean")]
    [DataRow("structs", "Boolean")]
    public void A_nullable_column_has_a_companion_after_the_data(string name, string type)
    {
        var schema = Load(Rows).Schema;
        var companion = schema[name + ".null"];
        Assert.AreEqual(type, companion.Type.ToString());
        Assert.IsGreaterThan(schema["structs"].Index, companion.Index);
        Assert.AreEqual(companion.Index, Nulls.CompanionOf(schema, schema[name])!.Value.Index);
    }

    [TestMethod]
    public void Annotations_on_both_name_each_other()
    {
        var schema = Load(Rows).Schema;
        Assert.AreEqual("text.null", Annotation(schema["text"], Nulls.CompanionAnnotation));
        Assert.AreEqual("text", Annotation(schema["text.null"], Nulls.ValueAnnotation));
    }

    [TestMethod]
    public void A_column_without_nulls_has_no_companion() => Assert.IsNull(Nulls.CompanionOf(Load(Rows).Schema, Load(Rows).Schema["id"]));

    [TestMethod]
    public void Only_companions_are_companions()
    {
        var schema = Load(Rows).Schema;
        CollectionAssert.AreEqual(
            new[] { "text.null", "list.null", "struct.null", "structs.null" }, schema.Where(Nulls.IsCompanion).Select(column => column.Name).ToArray());
    }

    [TestMethod]
    public void A_column_that_only_has_a_companions_name_is_none()
    {
        var view = Load("""{"x": null, "x.null": true}""");
        var companion = Nulls.CompanionOf(view.Schema, view.Schema["x"]);
        Assert.AreEqual("x.null'", companion!.Value.Name);
        Assert.IsFalse(Nulls.IsCompanion(view.Schema["x.null"]));
    }

    [TestMethod]
    public void Values_are_the_types_default_where_they_are_null()
    {
        var view = Load(Rows);
        using var cursor = view.GetRowCursor(view.Schema);
        Assert.IsTrue(cursor.MoveNext() && cursor.MoveNext());
        Assert.AreEqual("", Columns.Value<ReadOnlyMemory<char>>(cursor, view.Schema["text"])().ToString());
        Assert.AreEqual(0, Columns.Value<VBuffer<long>>(cursor, view.Schema["list"])().Length);
        Assert.IsNull(Columns.Value<StructValue>(cursor, view.Schema["struct"])());
    }

    [TestMethod]
    public void A_null_list_differs_from_an_empty_one() =>
        CollectionAssert.AreEqual(new[] { "[1, null]", "null", "[]" }, RowText.Of(Load(Rows), "list").ToArray());

    [TestMethod]
    public void A_companion_can_be_read_without_its_column()
    {
        var view = Load(Rows);
        CollectionAssert.AreEqual(new[] { "false", "true", "false" }, RowText.Of(view, "text.null").ToArray());
    }

    [TestMethod]
    public void Filtering_rows_keeps_nulls() =>
        CollectionAssert.AreEqual(RowText.Of(Load(Rows)).Skip(1).ToArray(), RowText.Of(ML.Data.FilterByCustomPredicate<Id>(Load(Rows), row => row.id == 1)).ToArray());

    [TestMethod]
    public void Filtering_rows_by_a_number_keeps_nulls()
    {
        var numbers = ML.Transforms.Conversion.ConvertType("number", "id").Fit(Load(Rows)).Transform(Load(Rows));
        CollectionAssert.AreEqual(new[] { "null", "''" }, RowText.Of(ML.Data.FilterRowsByColumn(numbers, "number", lowerBound: 1.5), "text").ToArray());
    }

    [TestMethod]
    public void Taking_rows_keeps_nulls() =>
        CollectionAssert.AreEqual(RowText.Of(Load(Rows)).Take(2).ToArray(), RowText.Of(ML.Data.TakeRows(Load(Rows), 2)).ToArray());

    [TestMethod]
    public void Caching_keeps_nulls() => CollectionAssert.AreEqual(RowText.Of(Load(Rows)).ToArray(), RowText.Of(ML.Data.Cache(Load(Rows))).ToArray());

    [TestMethod]
    public void Shuffling_keeps_nulls() => CollectionAssert.AreEquivalent(RowText.Of(Load(Rows)).ToArray(), RowText.Of(ML.Data.ShuffleRows(Load(Rows), seed: 1)).ToArray());

    [TestMethod]
    [DataRow("text")]
    [DataRow("list")]
    [DataRow("struct")]
    [DataRow("structs")]
    public void A_copied_column_keeps_its_nulls(string name)
    {
        var copied = ML.Transforms.CopyColumns("copy", name).Fit(Load(Rows)).Transform(Load(Rows));
        CollectionAssert.AreEqual(RowText.Of(copied, name).ToArray(), RowText.Of(copied, "copy").ToArray());
        Assert.IsTrue(RowText.Of(copied, "copy").Contains("null"));
    }

    [TestMethod]
    public void A_replaced_column_sheds_the_old_ones_nulls()
    {
        var replaced = ML.Transforms.Conversion.ConvertType("text", "id", DataKind.String).Fit(Load(Rows)).Transform(Load(Rows));
        Assert.IsNull(Nulls.CompanionOf(replaced.Schema, replaced.Schema["text"]));
        CollectionAssert.AreEqual(new[] { "'1'", "'2'", "'3'" }, RowText.Of(replaced, "text").ToArray());
    }

    private static string Annotation(DataViewSchema.Column column, string key)
    {
        ReadOnlyMemory<char> value = default;
        column.Annotations.GetValue(key, ref value);
        return value.ToString();
    }

#pragma warning disable IDE1006, CA1812 // Column names; made by reflection.
    private sealed class Id
    {
        public long id { get; set; }
    }
#pragma warning restore IDE1006, CA1812
}
