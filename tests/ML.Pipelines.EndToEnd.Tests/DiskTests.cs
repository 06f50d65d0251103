using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ML.Pipelines.Parquet;
using ML.Pipelines.Runs;

namespace ML.Pipelines.EndToEnd.Tests;

/// <summary>Disks that are full or read-only, and an input larger than memory.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class DiskTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly ScoreServer _server = new();
    private string? _mount;

    [TestMethod]
    public void A_run_on_a_full_disk_says_so_and_goes_on_to_the_same_bytes_once_there_is_room()
    {
        var input = Lines(200, 4_000);
        Assert.AreEqual(0, Run(input, _folder.File("whole"), 20).ExitCode);
        var output = Mount("size=300k");
        var full = Run(input, output, 20);
        Assert.AreEqual(2, full.ExitCode, full.Error);
        Assert.Contains("No space left", full.Error);
        foreach (var file in new RunFolder(output).Files("data", ".parquet")) new ParquetShardFormat().ReadFooter(file);
        Shell("mount", "-o", "remount,size=64m", output);
        Assert.AreEqual(0, Run(input, output, 20).ExitCode);
        Assert.AreSequenceEqual(RunHost.Files(_folder.File("whole")), RunHost.Files(output));
    }

    [TestMethod]
    public void A_run_into_a_read_only_folder_is_refused_with_its_path()
    {
        var output = Mount("ro");
        var refused = Run(Lines(4, 100), output, 4);
        Assert.AreEqual(2, refused.ExitCode);
        Assert.Contains($"output.unusable: Cannot write to '{output}'", refused.Error);
    }

    [TestMethod]
    public void A_gigabyte_of_input_passes_through_a_heap_of_512_megabytes()
    {
        var input = Lines(25_000, 40_000);
        Assert.IsGreaterThan(1_000_000_000, new FileInfo(input).Length);
        var start = RunHost.Command(input, _folder.File("out"), _server, "1/1", $"{int.MaxValue}", "1000");
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x20000000";
        using var process = Process.Start(start)!;
        var result = RunHost.Wait(process);
        Assert.AreEqual(0, result.ExitCode, result.Error);
        Assert.AreEqual(25_000, Manifest.Read(_folder.File("out")).Sum(entry => entry.RowsOut));
    }

    public void Dispose()
    {
        if (_mount is not null) Shell("umount", _mount);
        _server.Dispose();
        _folder.Dispose();
    }

    private string Mount(string options)
    {
        var folder = _folder.File("mounted");
        Directory.CreateDirectory(folder);
        if (Environment.UserName != "root") Assert.Inconclusive("Only root can mount a small file system.");
        Shell("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder);
        return _mount = folder;
    }

    private RunHost.Result Run(string input, string output, int shardRows)
    {
        using var process = RunHost.Start(input, output, _server, "1/1", $"{int.MaxValue}", shardRows.ToString(CultureInfo.InvariantCulture));
        return RunHost.Wait(process);
    }

    // Random letters, which do not compress; without a step that is scored.
    private string Lines(int rows, int characters)
    {
        var (random, path) = (new Random(1), _folder.File($"input-{rows}.jsonl"));
        using var writer = new StreamWriter(path);
        var words = new char[characters];
        for (var i = 0; i < rows; i++)
        {
            for (var c = 0; c < words.Length; c++) words[c] = c % 8 == 7 ? ' ' : (char)('a' + random.Next(26));
            writer.WriteLine(JsonSerializer.Serialize(new { id = $"r{i}", question = "q", reasoning = new string(words) + ". So it is 4.", answer = "4" }));
        }
        return path;
    }

    private static void Shell(string command, params string[] arguments)
    {
        using var process = Process.Start(command, arguments);
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, command);
    }
}
