using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;
using ML.Pipelines.Stages;

namespace ML.Pipelines.Tests.Stages;

[TestClass]
public sealed class SchemaShapesTests
{
    private static readonly DataViewType[] Types =
    [
        TextDataViewType.Instance, BooleanDataViewType.Instance, NumberDataViewType.SByte, NumberDataViewType.Byte, NumberDataViewType.Int16,
        NumberDataViewType.UInt16, NumberDataViewType.Int32, NumberDataViewType.UInt32, NumberDataViewType.Int64, NumberDataViewType.UInt64,
        NumberDataViewType.Single, NumberDataViewType.Double, DateTimeDataViewType.Instance, DateTimeOffsetDataViewType.Instance,
        TimeSpanDataViewType.Instance, RowIdDataViewType.Instance, new KeyDataViewType(typeof(uint), 5), new KeyDataViewType(typeof(byte), 5),
        new KeyDataViewType(typeof(ushort), 5), new KeyDataViewType(typeof(ulong), 5),
        new VectorDataViewType(TextDataViewType.Instance), new VectorDataViewType(NumberDataViewType.Single, 3),
        new VectorDataViewType(NumberDataViewType.Single, 2, 3), new VectorDataViewType(new KeyDataViewType(typeof(uint), 5), 2),
        new VectorDataViewType(new KeyDataViewType(typeof(uint), 5)), MessagesDataViewType.Instance, PointsType,
        new StructDataViewType([StructField.Text("a")]), StructListDataViewType.For([StructField.Text("a")]),
    ];

    private static DataViewType PointsType => Data.PointsDataViewType.Instance;

    [TestMethod]
    public void A_columns_shape_is_what_ml_net_makes_of_it()
    {
        foreach (var type in Types)
            Assert.AreEqual(Text(Theirs(type)), Text(SchemaShapes.Column("c", type)), type.ToString());
    }

    [TestMethod]
    public void A_column_is_found_by_its_name_else_by_the_only_one_that_differs_in_case()
    {
        var shape = Shape("a", "A", "Text");
        Assert.AreEqual("a", SchemaShapes.Find(shape, "a")!.Value.Name);
        Assert.AreEqual("A", SchemaShapes.Find(shape, "A")!.Value.Name);
        Assert.AreEqual("Text", SchemaShapes.Find(shape, "TEXT")!.Value.Name);
        Assert.IsNull(SchemaShapes.Find(shape, "b"));
        Assert.IsNull(SchemaShapes.Find(Shape("aB", "Ab"), "ab"));
    }

    [TestMethod]
    public void Columns_are_replaced_in_place_and_added_at_the_end()
    {
        var shape = SchemaShapes.With(Shape("a", "b"), [SchemaShapes.Column("a", NumberDataViewType.Int32), SchemaShapes.Column("c", BooleanDataViewType.Instance)]);
        CollectionAssert.AreEqual(new[] { "a Int32", "b String", "c Boolean" }, shape.Select(column => $"{column.Name} {column.ItemType}").ToArray());
    }

    private static SchemaShape Shape(params string[] names) => new(names.Select(name => SchemaShapes.Column(name, TextDataViewType.Instance)));

    // The shape that EstimatorChain.Fit makes of a view's schema; outside code cannot call it.
    private static SchemaShape.Column Theirs(DataViewType type)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("c", type);
        var create = typeof(SchemaShape).GetMethod("Create", BindingFlags.Static | BindingFlags.NonPublic)!;
        return ((SchemaShape)create.Invoke(null, [builder.ToSchema()])!).Single();
    }

    private static string Text(SchemaShape.Column column) => $"{column.Name} {column.Kind} {column.ItemType} key {column.IsKey}";
}
