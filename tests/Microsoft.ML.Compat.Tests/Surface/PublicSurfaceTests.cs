using System.Reflection;

namespace Microsoft.ML.Compat.Tests.Surface;

[TestClass]
public sealed class PublicSurfaceTests
{
    private static readonly Assembly StandIn = typeof(MLContext).Assembly;

    [TestMethod]
    public void Every_public_member_of_the_stand_in_is_one_of_the_package()
    {
        var extra = ApiList.NotListed(PublicSurface.Of(StandIn), ApiList.Load()).ToArray();

        Assert.IsEmpty(extra, "Not in the package, or not with these modifiers:\n" + string.Join('\n', extra));
    }

    [TestMethod]
    public void Whoever_implements_an_interface_or_abstract_class_of_the_stand_in_implements_the_packages()
    {
        var types = PublicSurface.Types(StandIn).Select(TypeNotation.DefinitionName).ToHashSet(StringComparer.Ordinal);
        var required = ApiList.LoadRequired().Where(line => types.Contains(Owner(line)));
        var missing = ApiList.NotListed(required, PublicSurface.Of(StandIn)).ToArray();

        Assert.IsEmpty(missing, "To be implemented in the package only:\n" + string.Join('\n', missing));
    }

    [TestMethod]
    public void The_check_names_a_member_that_is_not_in_the_lists()
    {
        const string Member = "M:Microsoft.ML.DataOperationsCatalog.TakeRows(Microsoft.ML.IDataView input, long count)"
            + " -> Microsoft.ML.IDataView [public]";
        var shorter = ApiList.Load().Where(line => line != Member).ToArray();

        Assert.AreEqual(Member, ApiList.NotListed(PublicSurface.Of(StandIn), shorter).Single());
    }

    [TestMethod]
    [DataRow("protected virtual", "private protected virtual", DisplayName = "access")]
    [DataRow("long count) ->", "long rows) ->", DisplayName = "parameter name")]
    [DataRow("maxRows = 100) ->", "maxRows = 10) ->", DisplayName = "default value")]
    [DataRow("[public sealed class] : Microsoft.ML.Data.TrivialEstimator", "[public class] : Microsoft.ML.Data.TrivialEstimator",
        DisplayName = "modifier")]
    [DataRow("where TRow: class, new()", "where TRow: class", DisplayName = "constraint")]
    [DataRow("[AttributeUsage(384,AllowMultiple=False", "[AttributeUsage(384,AllowMultiple=True", DisplayName = "attribute usage")]
    public void The_check_sees_a_difference_in(string original, string changed)
    {
        var list = ApiList.Load().Select(line => line.Replace(original, changed, StringComparison.Ordinal));

        Assert.IsNotEmpty(ApiList.NotListed(PublicSurface.Of(StandIn), list));
    }

    private static string Owner(string line)
    {
        var name = line[2..].Split('(', '<', '[', ' ')[0];
        return name[..name.LastIndexOf('.')];
    }
}
