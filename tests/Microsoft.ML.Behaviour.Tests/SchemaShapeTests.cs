using Microsoft.ML.Data;
using static Microsoft.ML.Behaviour.Tests.Sample;

namespace Microsoft.ML.Behaviour.Tests;

[TestClass]
public sealed class SchemaShapeTests
{
    [TestMethod]
    public void A_chain_shows_its_first_estimator_the_shape_of_any_schema()
    {
        var shape = SchemaShapes.Of(
            ("Text", TextDataViewType.Instance), ("Flag", BooleanDataViewType.Instance), ("Small", NumberDataViewType.Int32),
            ("Large", NumberDataViewType.Int64), ("Real", NumberDataViewType.Double), ("When", DateTimeDataViewType.Instance),
            ("Texts", new VectorDataViewType(TextDataViewType.Instance)), ("Three", new VectorDataViewType(NumberDataViewType.Single, 3)),
            ("Half", new VectorDataViewType(NumberDataViewType.Single, 2, 0)), ("Key", new KeyDataViewType(typeof(uint), 5)),
            ("Own", new TraceDataViewType()));

        Assert.AreEqual(
            "Text:Scalar:String, Flag:Scalar:Boolean, Small:Scalar:Int32, Large:Scalar:Int64, Real:Scalar:Double, When:Scalar:DateTime, "
            + "Texts:VariableVector:String, Three:Vector:Single, Half:VariableVector:Single, Key:Scalar:UInt32:key, "
            + "Own:Scalar:" + typeof(TraceDataViewType).FullName, Describe(shape));
    }

    [TestMethod]
    public void The_shape_of_a_schema_has_no_hidden_columns_and_names_the_annotations()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue("Source", TextDataViewType.Instance, "a".AsMemory());
        var schema = new DataViewSchema.Builder();
        schema.AddColumn("A", NumberDataViewType.Int64);
        schema.AddColumn("A", NumberDataViewType.Int32, annotations.ToAnnotations());

        var column = SchemaShapes.Of(schema.ToSchema()).Single();

        Assert.AreEqual(NumberDataViewType.Int32, column.ItemType);
        Assert.AreEqual("Source:Scalar:String", Describe(column.Annotations));
    }

    [TestMethod]
    public void Appended_columns_take_the_place_of_their_namesakes()
        => Assert.AreEqual("A:Scalar:String, B:Scalar:Single, C:Scalar:Int32", Describe(SchemaShapes.Append(
            SchemaShapes.Of(("A", NumberDataViewType.Single), ("B", NumberDataViewType.Single)),
            ("C", NumberDataViewType.Int32), ("A", TextDataViewType.Instance))));

    [TestMethod]
    public void A_custom_mapping_from_nothing_makes_shapes_too()
    {
        TraceDataViewType.Register();
        Assert.AreEqual("X:Scalar:String", Describe(MappedShape<string>(TextDataViewType.Instance)));
        Assert.AreEqual("X:Scalar:Boolean", Describe(MappedShape<bool>(BooleanDataViewType.Instance)));
        Assert.AreEqual("X:Scalar:DateTime", Describe(MappedShape<DateTime>(DateTimeDataViewType.Instance)));
        Assert.AreEqual("X:VariableVector:String",
            Describe(MappedShape<VBuffer<ReadOnlyMemory<char>>>(new VectorDataViewType(TextDataViewType.Instance))));
        Assert.AreEqual("X:Vector:Single", Describe(MappedShape<VBuffer<float>>(new VectorDataViewType(NumberDataViewType.Single, 3))));
        Assert.AreEqual("X:Scalar:UInt32:key", Describe(MappedShape<uint>(new KeyDataViewType(typeof(uint), 5))));
        Assert.AreEqual("X:Scalar:" + typeof(TraceDataViewType).FullName, Describe(MappedShape<Trace>(new TraceDataViewType())));
    }

    [TestMethod]
    public void A_default_column_is_refused()
        => Throws<ArgumentOutOfRangeException>("Some items are not initialized properly.", () => _ = new SchemaShape([default]));

    [TestMethod]
    public void Mapping_inputs_are_checked_by_name_and_type()
    {
        var estimator = Context.Transforms.CustomMapping<One<float>, Row>((_, _) => { }, null);

        Throws<ArgumentOutOfRangeException>("Could not find input column 'Value'", () => estimator.GetOutputSchema(SchemaShapes.Of()));
        Throws<ArgumentOutOfRangeException>("Schema mismatch for input column 'Value': expected Single, got Int32",
            () => estimator.GetOutputSchema(SchemaShapes.Of(("Value", NumberDataViewType.Int32))));
    }

    [TestMethod]
    public void A_vector_of_known_size_is_also_one_of_any_size_but_not_the_reverse()
    {
        var any = Context.Transforms.CustomMapping<One<float[]>, Nothing>((_, _) => { }, null);
        var definition = SchemaDefinition.Create(typeof(One<float[]>));
        definition[0].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 3);
        var three = Context.Transforms.CustomMapping<One<float[]>, Nothing>((_, _) => { }, null, definition);

        Assert.HasCount(1, any.GetOutputSchema(SchemaShapes.Of(("Value", new VectorDataViewType(NumberDataViewType.Single, 3)))));
        Throws<ArgumentOutOfRangeException>("Schema mismatch for input column 'Value': expected Vector<Single, 3>, got VarVector<Single>",
            () => three.GetOutputSchema(SchemaShapes.Of(("Value", new VectorDataViewType(NumberDataViewType.Single)))));
    }

    private static SchemaShape MappedShape<T>(DataViewType type)
    {
        var definition = SchemaDefinition.Create(typeof(One<T>));
        (definition[0].ColumnName, definition[0].ColumnType) = ("X", type);
        return Context.Transforms.CustomMapping<Nothing, One<T>>((_, _) => { }, null, null, definition).GetOutputSchema(SchemaShapes.Of());
    }
}
