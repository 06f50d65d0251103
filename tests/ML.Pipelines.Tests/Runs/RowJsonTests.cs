using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;
using ML.Pipelines.Tests.Data;

namespace ML.Pipelines.Tests.Runs;

/// <summary>The raw rows of quarantine.</summary>
[TestClass]
public sealed class RowJsonTests : FileTest
{
    [TestMethod]
    [DataRow("""{"text":"é ☠ \"quoted\" \\ \n","empty":""}""")]
    [DataRow("""{"int":-9223372036854775808,"double":1.5,"small":1E-300,"yes":true,"no":false}""")]
    [DataRow("""{"texts":["a",""],"ints":[1,2],"doubles":[0.1],"flags":[true,false],"none":[]}""")]
    [DataRow("""{"struct":{"a":"x","b":1,"c":0.5,"d":true}}""")]
    [DataRow("""{"messages":[{"role":"user","content":"hi"},{"role":null,"content":null}]}""")]
    [DataRow("""{"structs":[{"a":1,"b":"x"},{"a":2,"b":null}]}""")]
    public void A_row_is_written_as_it_was_read(string row) => Assert.AreEqual(row, Json(Load(row)).Single());

    [TestMethod]
    public void Nulls_of_every_kind_are_null()
    {
        const string Full = """{"t":"x","n":1,"d":0.5,"b":true,"l":[1,2],"s":{"a":1},"m":[{"role":"user","content":"x"}]}""";
        const string Empty = """{"t":null,"n":null,"d":null,"b":null,"l":null,"s":null,"m":null}""";
        const string Parts = """{"t":"","n":0,"d":0,"b":false,"l":[null,0],"s":{"a":null},"m":[null,{"role":"user","content":null}]}""";
        Assert.AreSequenceEqual([Full, Empty, Parts], Json(Load(Full, Empty, Parts)));
    }

    [TestMethod]
    public void Missing_values_are_null() => Assert.AreSequenceEqual(["""{"a":1,"b":null}""", """{"a":null,"b":"x"}"""], Json(Load("""{"a":1}""", """{"b":"x"}""")));

    [TestMethod]
    public void Types_that_only_the_framework_has_are_written_too()
    {
        var view = ML.Data.LoadFromEnumerable([new Row()]);
        Assert.AreEqual(
            """{"Byte":1,"Short":-2,"Unsigned":4294967295,"Long":18446744073709551615,"Single":1.5,"Vector":[1,0,"NaN"],"Date":"2025-01-02T03:04:05","Span":"01:02:03","Zone":"2025-01-02T03:04:05+02:00"}""",
            Json(view).Single());
    }

    [TestMethod]
    [DataRow(double.NaN, "NaN")]
    [DataRow(double.PositiveInfinity, "Infinity")]
    [DataRow(double.NegativeInfinity, "-Infinity")]
    public void A_number_that_is_none_becomes_its_name(double value, string name) =>
        Assert.AreEqual($$"""{"x":"{{name}}","y":["{{name}}"]}""", Json(ML.Data.LoadFromEnumerable([new { x = value, y = new[] { value } }])).Single());

    [TestMethod]
    public void A_lone_surrogate_does_not_stop_the_writer() =>
        Assert.AreEqual("{\"x\":\"a\\uFFFDb\"}", Json(ML.Data.LoadFromEnumerable([new { x = "a\ud83db" }])).Single());

    [TestMethod]
    public void Hidden_columns_are_left_out()
    {
        var data = ML.Data.LoadFromEnumerable([new { x = "a" }]);
        var view = ML.Transforms.CustomMapping<X, X>((row, made) => made.x = row.x + "!", null).Fit(data).Transform(data);
        using var json = JsonDocument.Parse(Json(view).Single());
        Assert.AreEqual("{\"x\":\"a!\"}", Json(view).Single());
    }

    private static List<string> Json(IDataView view)
    {
        using var cursor = view.GetRowCursor(view.Schema);
        var read = RowJson.Writer(cursor);
        var rows = new List<string>();
        while (cursor.MoveNext()) rows.Add(read());
        return rows;
    }

    private sealed class X
    {
        public string x { get; set; } = "";
    }

    private sealed class Row
    {
        public byte Byte { get; set; } = 1;

        public short Short { get; set; } = -2;

        public uint Unsigned { get; set; } = uint.MaxValue;

        public ulong Long { get; set; } = ulong.MaxValue;

        public float Single { get; set; } = 1.5f;

        [VectorType(3)]
        public float[] Vector { get; set; } = [1, 0, float.NaN];

        public DateTime Date { get; set; } = new(2025, 1, 2, 3, 4, 5);

        public TimeSpan Span { get; set; } = new(1, 2, 3);

        public DateTimeOffset Zone { get; set; } = new(2025, 1, 2, 3, 4, 5, TimeSpan.FromHours(2));
    }
}
