using Microsoft.ML.Data;
using static Microsoft.ML.Behaviour.Tests.Sample;

namespace Microsoft.ML.Behaviour.Tests;

[TestClass]
public sealed class SchemaTests
{
    [TestMethod]
    public void Types_are_named_as_users_know_them()
    {
        DataViewType[] types =
        [
            TextDataViewType.Instance, RowIdDataViewType.Instance, new VectorDataViewType(NumberDataViewType.Single, 3),
            new VectorDataViewType(NumberDataViewType.Single), new VectorDataViewType(NumberDataViewType.Single, 2, 0),
            new KeyDataViewType(typeof(uint), 10), new VectorDataViewType(new KeyDataViewType(typeof(byte), 10), 3),
        ];

        Assert.AreEqual(
            "String; DataViewRowId; Vector<Single, 3>; Vector<Single>; Vector<Single, 2, *>; Key<UInt32, 0-9>; Vector<Key<Byte, 0-9>, 3>",
            string.Join("; ", types.Select(t => t.ToString())));
    }

    [TestMethod]
    public void The_later_of_two_columns_with_one_name_hides_the_earlier()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("A", NumberDataViewType.Single);
        builder.AddColumn("A", TextDataViewType.Instance);
        var schema = builder.ToSchema();

        Assert.AreEqual("A:Single!, A:String", Describe(schema));
        Assert.AreEqual(1, schema["A"].Index);
    }

    [TestMethod]
    public void A_missing_column_is_named()
    {
        Throws<ArgumentOutOfRangeException>("Column 'nope' not found (Parameter 'name')", () => _ = Rows.Schema["nope"]);
        Assert.IsNull(Rows.Schema.GetColumnOrNull("nope"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ = Rows.Schema[9]);
    }

    [TestMethod]
    public void A_column_needs_a_name_and_a_type()
    {
        var builder = new DataViewSchema.Builder();

        Assert.ThrowsExactly<ArgumentNullException>(() => builder.AddColumn(string.Empty, TextDataViewType.Instance));
        Assert.ThrowsExactly<ArgumentNullException>(() => builder.AddColumn("A", null));
    }

    [TestMethod]
    public void Annotations_are_read_by_name_and_type()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddPrimitiveValue("Kind", TextDataViewType.Instance, "v".AsMemory());
        var annotations = builder.ToAnnotations();
        ReadOnlyMemory<char> text = default;
        var number = 0f;

        annotations.GetValue("Kind", ref text);

        Assert.AreEqual("v", text.ToString());
        Assert.ThrowsExactly<InvalidOperationException>(() => annotations.GetValue("Kind", ref number));
        Assert.ThrowsExactly<InvalidOperationException>(() => annotations.GetValue("nope", ref text));
    }

    [TestMethod]
    public void Vector_types_are_equal_when_items_and_dimensions_are()
    {
        var matrix = new VectorDataViewType(NumberDataViewType.Single, 2, 3);

        Assert.AreEqual(6, matrix.Size);
        Assert.IsFalse(matrix.Equals(new VectorDataViewType(NumberDataViewType.Single, 6)));
        Assert.IsTrue(matrix.Equals(new VectorDataViewType(NumberDataViewType.Single, 2, 3)));
        Assert.IsFalse(new VectorDataViewType(TextDataViewType.Instance).IsKnownSize);
    }

    [TestMethod]
    public void Key_types_count_from_one_to_what_their_raw_type_holds()
    {
        Throws<ArgumentOutOfRangeException>("Type is not valid", () => _ = new KeyDataViewType(typeof(float), 5));
        Throws<ArgumentOutOfRangeException>("The cardinality of a KeyDataViewType must not exceed Byte.MaxValue",
            () => _ = new KeyDataViewType(typeof(byte), 300));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ = new KeyDataViewType(typeof(uint), 0));
    }

    [TestMethod]
    public void A_type_is_registered_once_and_for_one_column_type()
    {
        TraceDataViewType.Register();
        TraceDataViewType.Register();

        Throws<ArgumentOutOfRangeException>("Repeated type register.",
            () => DataViewTypeManager.Register(new TraceDataViewType(), typeof(Nothing)));
        Throws<ArgumentOutOfRangeException>("Type System.Single has been registered as ML.NET's default",
            () => DataViewTypeManager.Register(new TraceDataViewType(), typeof(float)));
    }
}
