using System.Text;
using Microsoft.ML;
using ML.Pipelines.Data;

namespace ML.Pipelines.Tests.Data;

/// <summary>Tests over files of their own folder.</summary>
public abstract class FileTest
{
    private protected MLContext ML { get; } = new(seed: 1);

    private protected string Folder { get; private set; } = "";

    private protected RecordingRejectSink Rejects { get; } = new();

    [TestInitialize]
    public void CreateFolder() => Folder = Directory.CreateTempSubdirectory("ml-pipelines-").FullName;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(Folder, recursive: true);

    private protected string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    private protected string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>A view of the lines of one file; bad rows are recorded.</summary>
    private protected RecordDataView Load(params string[] lines) => LoadWith(new() { Rejects = Rejects }, lines);

    private protected RecordDataView LoadWith(JsonLinesOptions options, params string[] lines) =>
        ML.Data.LoadFromJsonLines(Write("rows.jsonl", string.Join('\n', lines) + "\n"), options);

    private protected static PipelineException Throws(string code, Action action)
    {
        var fault = Assert.ThrowsExactly<PipelineException>(action);
        Assert.AreEqual(code, fault.Code, fault.Message);
        return fault;
    }
}
