using System.Reflection;
using ML.Pipelines.Testing;

namespace ML.Pipelines.OpenAI.Tests;

/// <summary>What the backend and the testing package may lean on.</summary>
[TestClass]
public sealed class ArchitectureTests
{
    [TestMethod]
    public void The_backend_references_only_the_library_the_sdk_and_the_framework()
    {
        AssertReferences(typeof(OpenAIServer).Assembly, "ML.Pipelines", "OpenAI", "System.ClientModel",
            "Microsoft.Extensions.AI.Abstractions", "Microsoft.Extensions.AI.OpenAI");
    }

    [TestMethod]
    public void The_testing_package_references_only_asp_net_and_the_framework()
    {
        AssertReferences(typeof(FakeTeacherServer).Assembly, typeof(FakeTeacherServer).Assembly.GetReferencedAssemblies()
            .Select(reference => reference.Name!).Where(name => name.StartsWith("Microsoft.", StringComparison.Ordinal)).ToArray());
        Assert.DoesNotContain("ML.Pipelines",
            typeof(FakeTeacherServer).Assembly.GetReferencedAssemblies().Select(reference => reference.Name));
    }

    private static void AssertReferences(Assembly assembly, params string[] allowed)
    {
        var others = assembly.GetReferencedAssemblies().Select(reference => reference.Name!).Except(allowed)
            .Where(name => !name.StartsWith("System.", StringComparison.Ordinal)
                || name.StartsWith("System.ClientModel", StringComparison.Ordinal)).ToArray();
        Assert.IsEmpty(others, string.Join(", ", others));
    }
}
