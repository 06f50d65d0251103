using FsCheck;
using FsCheck.Fluent;
using ML.Pipelines.Training;

namespace ML.Pipelines.Tests.Training;

[TestClass]
public sealed class CommandLineTests
{
    [TestMethod]
    [DataRow("--out={out}/x", "--out=/o {data}/x")]
    [DataRow("{data}{out}{data}", "/d/o {data}/d")]
    [DataRow("{\"a\": {1}}", "{\"a\": {1}}")]
    [DataRow("{{out}", "{/o {data}")]
    [DataRow("{out", "{out")]
    [DataRow("{seed}", "{seed}")]
    public void Known_names_are_replaced_and_what_they_stand_for_is_not(string part, string expected) =>
        Assert.AreEqual(expected, Replaced(part, "/d", "/o {data}"));

    [TestMethod]
    public void An_argument_is_its_pieces_with_values_in_place_of_names()
    {
        var pieces = Gen.Elements("{data}", "{out}", "{", "}", "a b", "").ListOf();
        var values = Gen.Elements("", "{", "{data}", "{out}", "x y");
        Prop.ForAll((from part in pieces from data in values from output in values select (part, data, output)).ToArbitrary(), made =>
            Replaced(string.Concat(made.part), made.data, made.output)
                == string.Concat(made.part.Select(piece => piece == "{data}" ? made.data : piece == "{out}" ? made.output : piece)))
            .Check(Config.QuickThrowOnFailure);
    }

    private static string Replaced(string part, string data, string output) => new CommandLine(["program", part], "command")
        .With(new Dictionary<string, string> { ["{data}"] = data, ["{out}"] = output })[1];
}
