using System.Reflection;

namespace ML.Pipelines.Tests;

/// <summary>What the library may lean on, and how it may name things.</summary>
[TestClass]
public sealed class ArchitectureTests
{
    private static readonly Assembly Library = typeof(ErrorCode).Assembly;

    [TestMethod]
    public void The_library_references_only_ml_net_the_extensions_sqlite_polly_and_the_framework()
    {
        var others = Library.GetReferencedAssemblies().Select(reference => reference.Name!).Where(name => !IsAllowed(name)).ToArray();
        Assert.IsEmpty(others, string.Join(", ", others));
    }

    [TestMethod]
    [DataRow("Helper")]
    [DataRow("Manager")]
    [DataRow("Utils")]
    public void No_type_has_a_name_that_says_nothing(string ending)
    {
        var types = Library.GetTypes().Where(type => type.Name.Split('`')[0].TrimEnd('s').EndsWith(ending.TrimEnd('s'), StringComparison.Ordinal));
        Assert.IsEmpty(types, string.Join(", ", types));
    }

    [TestMethod]
    public void Every_type_is_in_a_namespace_of_the_library()
    {
        var strangers = Library.GetExportedTypes().Where(type => type.Namespace != "ML.Pipelines" && !type.Namespace!.StartsWith("ML.Pipelines.", StringComparison.Ordinal));
        Assert.IsEmpty(strangers, string.Join(", ", strangers));
    }

    [TestMethod]
    public void Error_codes_are_unique_and_read_as_area_dot_kind()
    {
        var codes = typeof(ErrorCode).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!).ToArray();
        CollectionAssert.AllItemsAreUnique(codes);
        foreach (var code in codes) StringAssert.Matches(code, new("^[a-z]+\\.[a-z0-9]+(-[a-z0-9]+)*$"));
    }

    // A model runtime or a server's client is a backend's, although its name starts like ML.NET's or the extensions'.
    private static bool IsAllowed(string name) =>
        (name.StartsWith("Microsoft.ML", StringComparison.Ordinal) && !name.StartsWith("Microsoft.ML.OnnxRuntime", StringComparison.Ordinal))
        || (name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)
            && (name == "Microsoft.Extensions.AI.Abstractions" || !name.StartsWith("Microsoft.Extensions.AI", StringComparison.Ordinal)))
        || name.StartsWith("System.", StringComparison.Ordinal)
        || name is "Microsoft.Data.Sqlite" or "Polly.Core"
        || name is "System" or "netstandard" or "mscorlib";
}
