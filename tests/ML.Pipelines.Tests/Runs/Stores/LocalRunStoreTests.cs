using ML.Pipelines.Runs.Stores;

namespace ML.Pipelines.Tests.Runs.Stores;

[TestClass]
public sealed class LocalRunStoreTests : RunStoreContract
{
    private string Folder { get; } = Directory.CreateTempSubdirectory("ml-pipelines-").FullName;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(Folder, recursive: true);

    private protected override IRunStore Open() => new LocalRunStore(Path.Combine(Folder, "deep", "out"));

    private protected override void Tear(string name, string half)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Store.Describe(name))!);
        File.AppendAllText(Store.Describe(name), half);
    }

    private protected override void LeaveBehind(string name, string content) => File.WriteAllText(Store.Stage(name), content);
}
