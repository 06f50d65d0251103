namespace ML.Pipelines.EndToEnd.Tests;

/// <summary>A folder that goes with the test.</summary>
internal sealed class TestFolder : IDisposable
{
    public TestFolder() => Path = Directory.CreateTempSubdirectory("mlpipe").FullName;

    public string Path { get; }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, string text)
    {
        System.IO.File.WriteAllText(File(name), text);
        return File(name);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    public static string Data(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "Data", name);

    public static string Sample(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "pipelines", "samples", name);

    /// <summary>All files of a run but its plan, which holds paths, and its locks, by their relative names.</summary>
    public static SortedDictionary<string, byte[]> Files(string run) => new(
        Directory.EnumerateFiles(run, "*", SearchOption.AllDirectories)
            .Where(file => System.IO.Path.GetFileName(file) != "plan.json" && !file.Contains("/.mlpipe/", StringComparison.Ordinal))
            .ToDictionary(file => System.IO.Path.GetRelativePath(run, file), System.IO.File.ReadAllBytes), StringComparer.Ordinal);

    public static void AssertSame(string expected, string actual)
    {
        var (a, b) = (Files(expected), Files(actual));
        CollectionAssert.AreEqual(a.Keys, b.Keys);
        foreach (var (name, bytes) in a) Assert.IsTrue(bytes.AsSpan().SequenceEqual(b[name]), $"{name} differs");
    }
}
