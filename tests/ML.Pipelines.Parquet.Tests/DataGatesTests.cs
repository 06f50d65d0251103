using System.Text.Json;
using Microsoft.ML;
using ML.Pipelines.Data;
using ML.Pipelines.Runs;

namespace ML.Pipelines.Parquet.Tests;

/// <summary>Gates over shards as they are read from Parquet.</summary>
[TestClass]
public sealed class DataGatesTests
{
    [TestMethod]
    [DataRow("answer", true)]
    [DataRow(" \n", false)]
    [DataRow(null, false)]
    public void An_empty_message_fails(string? content, bool passed)
    {
        using var folder = new TestFolder();
        var lines = new[] { "c", content }.Select(text => JsonSerializer.Serialize(new
        {
            messages = new[] { new { role = "user", content = "q" }, new { role = "assistant", content = text! } },
        }));
        File.WriteAllLines(folder["rows.jsonl"], lines);
        var format = new ParquetShardFormat();
        Directory.CreateDirectory(folder["data"]);
        format.Write(new MLContext().Data.LoadFromJsonLines(folder["rows.jsonl"]), folder["data/part-00000.parquet"], new Dictionary<string, string>());
        var gate = new DataGates { NoEmptyMessages = true }.Check(new RunFolder(folder.Path), format, RunTotals.Zero).Single();
        Assert.AreEqual(passed, gate.Passed);
    }
}
