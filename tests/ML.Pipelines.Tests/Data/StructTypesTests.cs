using Microsoft.ML.Data;
using ML.Pipelines.Data;

namespace ML.Pipelines.Tests.Data;

[TestClass]
public sealed class StructTypesTests
{
    private static readonly StructField X = new("x", NumberDataViewType.Int64);
    private static readonly StructField Y = StructField.Text("y");

    [TestMethod]
    public void Structs_of_equal_fields_are_equal()
    {
        AssertEqual(new StructDataViewType([X, Y]), new StructDataViewType([new("x", NumberDataViewType.Int64), StructField.Text("y")]));
        AssertEqual(StructListDataViewType.For([X, Y]), StructListDataViewType.For([X, Y]));
    }

    [TestMethod]
    public void Structs_differ_by_the_order_name_and_type_of_fields()
    {
        var type = new StructDataViewType([X, Y]);
        foreach (StructField[] fields in new StructField[][] { [Y, X], [X], [X with { Name = "X" }, Y], [X with { Type = NumberDataViewType.Int32 }, Y] })
        {
            AssertDiffer(type, new StructDataViewType(fields));
            AssertDiffer(StructListDataViewType.For([X, Y]), StructListDataViewType.For(fields));
        }
    }

    [TestMethod]
    public void A_struct_is_no_list_of_structs() => AssertDiffer(new StructDataViewType([X]), StructListDataViewType.For([X]));

    [TestMethod]
    public void Lists_of_equal_fields_and_other_classes_differ()
    {
        var outside = new PointsDataViewType();
        AssertDiffer(outside, StructListDataViewType.For(outside.Fields));
    }

    [TestMethod]
    public void Structs_read_as_their_fields()
    {
        Assert.AreEqual("Struct<x: Int64, y: String>", new StructDataViewType([X, Y]).ToString());
        Assert.AreEqual("List<x: Int64, y: String>", StructListDataViewType.For([X, Y]).ToString());
    }

    [TestMethod]
    public void Values_are_equal_by_their_fields()
    {
        var value = new StructValue(1L, "a", null);
        Assert.AreEqual(value, new StructValue(1L, "a", null));
        Assert.AreEqual(value.GetHashCode(), new StructValue(1L, "a", null).GetHashCode());
        Assert.AreNotEqual(value, new StructValue(1L, "a"));
        Assert.AreNotEqual(value, new StructValue(1, "a", null));
        Assert.AreEqual("{1, a, }", value.ToString());
    }

    [TestMethod]
    public void Role_and_content_are_messages() =>
        Assert.AreSame(MessagesDataViewType.Instance, StructListDataViewType.For([StructField.Text("role"), StructField.Text("content")]));

    [TestMethod]
    [DataRow("content", "role")]
    [DataRow("from", "value")]
    [DataRow("Role", "Content")]
    public void Other_fields_stay_structs(string first, string second) =>
        Assert.AreEqual(typeof(IReadOnlyList<StructValue>), StructListDataViewType.For([StructField.Text(first), StructField.Text(second)]).RawType);

    private static void AssertEqual(DataViewType left, DataViewType right)
    {
        Assert.AreEqual(left, right);
        Assert.AreEqual(left.GetHashCode(), right.GetHashCode());
    }

    private static void AssertDiffer(DataViewType left, DataViewType right)
    {
        Assert.IsFalse(left.Equals(right));
        Assert.IsFalse(right.Equals(left));
    }
}
