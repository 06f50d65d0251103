namespace ML.Pipelines.Tests.Traces;

/// <summary>The folder of the solution, for tests that read its files.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    private static string Find(DirectoryInfo? folder) =>
        folder is null ? throw new DirectoryNotFoundException("ML.Pipelines.sln is in no folder above the tests.")
        : File.Exists(Path.Combine(folder.FullName, "ML.Pipelines.sln")) ? folder.FullName
        : Find(folder.Parent);
}
