using Microsoft.ML.Data;
using static Microsoft.ML.Behaviour.Tests.Sample;

namespace Microsoft.ML.Behaviour.Tests;

[TestClass]
public sealed class EnumerableTests
{
    private static DataOperationsCatalog Data => Context.Data;

    [TestMethod]
    public void Fields_come_before_properties_and_attributes_shape_the_columns()
        => Assert.AreEqual(
            "Renamed:Single, Double:Double, Int64:Int64, Boolean:Boolean, Text:String, Memory:String, DateTime:DateTime, "
            + "DateTimeOffset:DateTimeOffset, TimeSpan:TimeSpan, Key:Key<UInt32, 0-9>, Matrix:Vector<Single, 2, 3>",
            Describe(Data.LoadFromEnumerable([new Everything()]).Schema));

    [TestMethod]
    public void Values_come_back_as_they_went_in()
    {
        var row = new Everything
        {
            Field = 1,
            Double = 2,
            Int64 = 3,
            Boolean = true,
            Text = "t",
            Memory = "m".AsMemory(),
            DateTime = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc),
            DateTimeOffset = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)),
            TimeSpan = TimeSpan.FromSeconds(7),
            Matrix = [1, 2, 3, 4, 5, 6],
        };

        var read = Data.CreateEnumerable<Everything>(Data.LoadFromEnumerable([row]), reuseRowObject: false).Single();

        Assert.AreEqual((row.Field, row.Double, row.Int64, row.Boolean, row.Text),
            (read.Field, read.Double, read.Int64, read.Boolean, read.Text));
        Assert.AreEqual((row.DateTime, row.DateTimeOffset, row.TimeSpan), (read.DateTime, read.DateTimeOffset, read.TimeSpan));
        Assert.AreEqual(DateTimeKind.Utc, read.DateTime.Kind);
        Assert.AreEqual("m", read.Memory.ToString());
        CollectionAssert.AreEqual(row.Matrix, read.Matrix);
    }

    [TestMethod]
    public void Null_text_is_empty_text()
        => CollectionAssert.AreEqual(new[] { "x", string.Empty, "z" },
            Data.CreateEnumerable<Row>(Rows, reuseRowObject: false).Select(r => r.B).ToArray());

    [TestMethod]
    public void Vectors_of_text_and_numbers_are_arrays_or_buffers()
    {
        var row = new Vectors { Numbers = [1, 2], Texts = ["a", null], Buffer = new VBuffer<double>(2, [3, 4]) };
        var data = Data.LoadFromEnumerable([row, new Vectors()]);

        var read = Data.CreateEnumerable<Vectors>(data, reuseRowObject: false).ToArray();

        Assert.AreEqual("Numbers:Vector<Single>, Texts:Vector<String>, Buffer:Vector<Double>, Three:Vector<Int32, 3>",
            Describe(data.Schema));
        CollectionAssert.AreEqual(new[] { "a", string.Empty }, read[0].Texts);
        CollectionAssert.AreEqual(new double[] { 3, 4 }, read[0].Buffer.DenseValues().ToArray());
        Assert.IsNull(read[1].Numbers, "an empty vector leaves a member that is null as it is");
        Assert.IsEmpty(data.GetColumn<float[]>("Numbers").Last());
    }

    [TestMethod]
    public void One_object_is_reused_on_request_only()
    {
        Assert.HasCount(1, Data.CreateEnumerable<Row>(Rows, reuseRowObject: true).ToArray().Distinct());
        Assert.HasCount(3, Data.CreateEnumerable<Row>(Rows, reuseRowObject: false).ToArray().Distinct());
    }

    [TestMethod]
    public void The_number_of_rows_is_that_of_the_collection_and_unknown_of_a_sequence()
    {
        Assert.AreEqual(3, Rows.GetRowCount());
        Assert.IsNull(Data.LoadFromEnumerable(Enumerable.Range(0, 3).Select(i => new Row { C = i })).GetRowCount());
        Assert.IsFalse(Rows.CanShuffle);
    }

    [TestMethod]
    public void A_null_row_is_refused_when_it_is_met()
        => Throws<InvalidOperationException>("Encountered null when iterating over data",
            () => Assert.IsNotEmpty(Data.LoadFromEnumerable(new Row[] { new(), null! }).GetColumn<float>("A").ToArray()));

    [TestMethod]
    public void Types_that_are_no_column_are_named()
    {
        Throws<ArgumentOutOfRangeException>("Could not determine an IDataView type and registered custom types for member Value",
            () => Data.LoadFromEnumerable([new One<float?>()]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Data.LoadFromEnumerable([new One<List<string>>()]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Data.LoadFromEnumerable([new One<Guid>()]));
    }

    [TestMethod]
    public void A_missing_column_fails_the_call_unless_it_may_be_missing()
    {
        Throws<ArgumentOutOfRangeException>("Could not find  column 'Value' (Parameter 'Schema')",
            () => Data.CreateEnumerable<One<float>>(Rows, reuseRowObject: false));
        Assert.AreEqual(0f, Data.CreateEnumerable<One<float>>(Rows, reuseRowObject: false, ignoreMissingColumns: true).First().Value);
    }

    [TestMethod]
    public void A_column_of_another_type_is_named()
        => Throws<InvalidOperationException>(
            "Can't bind the IDataView column 'Value' of type 'String' to field or property 'Value' of type 'System.Int32'.",
            () => Data.CreateEnumerable<One<int>>(Data.LoadFromEnumerable([new One<string>()]), reuseRowObject: false));

    [TestMethod]
    public void A_definition_renames_retypes_and_leaves_out()
    {
        var definition = SchemaDefinition.Create(typeof(Row));
        definition["B"].ColumnName = "Text";
        definition["A"].AddAnnotation("Unit", 4, NumberDataViewType.Int32);
        definition.Remove(definition["C"]);

        var schema = Data.LoadFromEnumerable([new Row()], definition).Schema;

        Assert.AreEqual("A:Single, Text:String", Describe(schema));
        Assert.AreEqual("Unit", schema["A"].Annotations.Schema.Single().Name);
        Assert.IsNull(definition["nope"]);
    }

    [TestMethod]
    public void A_schema_gives_sizes_and_annotations_to_members_of_its_names()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Numbers", new VectorDataViewType(NumberDataViewType.Single, 2));

        Assert.AreEqual("Numbers:Vector<Single, 2>, Texts:Vector<String>, Buffer:Vector<Double>, Three:Vector<Int32, 3>",
            Describe(Data.LoadFromEnumerable([new Vectors()], builder.ToSchema()).Schema));
        Throws<InvalidOperationException>("Type should contain a member named Numbers",
            () => Data.LoadFromEnumerable([new Row()], builder.ToSchema()));
    }

    [TestMethod]
    public void A_definition_of_another_type_is_refused()
    {
        var definition = SchemaDefinition.Create(typeof(Row));
        definition["A"].ColumnType = NumberDataViewType.Double;

        Throws<ArgumentOutOfRangeException>(
            "Column 'A' is supposed to have item type System.Double, but associated field has type System.Single",
            () => Data.LoadFromEnumerable([new Row()], definition));
    }

    [TestMethod]
    public void Keys_are_stored_one_higher_and_read_raw()
    {
        var data = Data.LoadFromEnumerable([new Everything { Key = 2 }, new Everything { Key = 10 }]);

        CollectionAssert.AreEqual(new uint[] { 3, 0 }, data.GetColumn<uint>("Key").ToArray());
    }

    [TestMethod]
    public void Own_types_travel_as_objects_registered_or_by_attribute()
    {
        TraceDataViewType.Register();
        var trace = new Trace("t");
        var data = Data.LoadFromEnumerable([new One<Trace> { Value = trace }, new One<Trace>()]);
        var scored = Data.LoadFromEnumerable([new Scored { Score = new Score(2) }]);

        Assert.AreSame(trace, Data.CreateEnumerable<One<Trace>>(data, reuseRowObject: false).First().Value);
        Assert.IsNull(data.GetColumn<Trace>("Value").Last());
        Assert.AreEqual(new Score(2), scored.GetColumn<Score>("Score").Single());
    }

    [TestMethod]
    public void A_column_is_read_as_its_type_or_not_at_all()
    {
        CollectionAssert.AreEqual(new[] { "x", string.Empty, "z" }, Rows.GetColumn<string>("B").ToArray());
        Throws<ArgumentOutOfRangeException>("Cannot map column (name: A, type: Single) in data to the user-defined type, System.Int32.",
            () => Rows.GetColumn<int>("A"));
        Throws<ArgumentOutOfRangeException>("Column 'nope' not found", () => Rows.GetColumn<int>("nope"));
    }
}
