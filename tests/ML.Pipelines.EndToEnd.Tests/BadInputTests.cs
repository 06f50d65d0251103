namespace ML.Pipelines.EndToEnd.Tests;

/// <summary>What a user sees who got something wrong: exit code 2, one line that names the place and what to do, and no output.</summary>
[TestClass]
public sealed class BadInputTests
{
    private static readonly string Traces = TestFolder.Data("gsm8k.jsonl");

    [TestMethod]
    [DataRow("stages.prune.ratio=1.5", "stages.prune.ratio", DisplayName = "a ratio out of range")]
    [DataRow("stages.prune.ration=0.5", "ratio", DisplayName = "a misspelt option")]
    [DataRow("stages.adapt.schema=nonsense", "nonsense", DisplayName = "an unknown row schema")]
    [DataRow("stages.adapt.map={question: nothere}", "nothere", DisplayName = "a missing column")]
    [DataRow("models.scorer.model=/no/such/model", "/no/such/model", DisplayName = "a model that is not there")]
    public void A_bad_option_stops_the_run_before_any_output(string set, string named)
    {
        using var folder = new TestFolder();
        var result = MlPipe.Run(MlPipe.RunArguments(Traces, folder.File("out"), set)).Expect(2);
        StringAssert.Contains(result.Error, named);
        Assert.IsFalse(Directory.Exists(folder.File("out")));
        Assert.DoesNotContain("   at ", result.Error);
    }

    [TestMethod]
    [DataRow("missing.jsonl", null, "missing.jsonl")]
    [DataRow("empty.jsonl", "", "empty.jsonl")]
    [DataRow("text.jsonl", "no JSON here\n", "text.jsonl")]
    [DataRow("foreign.parquet", "PAR1 is not enough", "foreign.parquet")]
    [DataRow("other.jsonl", "{\"a\": 1}\n", "schema")]
    public void A_bad_file_stops_the_run_and_is_named(string name, string? content, string named)
    {
        using var folder = new TestFolder();
        if (content is not null) folder.Write(name, content);
        var result = MlPipe.Run(MlPipe.RunArguments(folder.File(name), folder.File("out"))).Expect(2);
        StringAssert.Contains(result.Error, named);
        Assert.IsFalse(Directory.Exists(folder.File("out")));
    }

    [TestMethod]
    public void A_damaged_model_is_named_with_its_file()
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder.File("model"));
        folder.Write("model/model.onnx", "this is no graph");
        foreach (var file in new[] { "tokenizer.json", "tokenizer_config.json", "config.json" })
            File.Copy(Path.Combine(AppContext.BaseDirectory, "BundledModel", file), folder.File($"model/{file}"));
        var result = MlPipe.Run(MlPipe.RunArguments(Traces, folder.File("out"), $"models.scorer.model={folder.File("model")}")).Expect(2);
        StringAssert.Contains(result.Error, ErrorCode.DamagedModel);
        StringAssert.Contains(result.Error, folder.File("model"));
    }

    [TestMethod]
    public void Bad_rows_go_to_quarantine_and_the_run_goes_on()
    {
        using var folder = new TestFolder();
        var good = File.ReadAllLines(Traces)[0];
        var input = folder.File("mixed.jsonl");
        File.WriteAllLines(input, [good, "{\"question\": \"cut", "{\"question\": \"\", \"answer\": \"x #### 1\"}", good.Replace("#### 18", "#### 19", StringComparison.Ordinal)]);
        var result = MlPipe.Run(MlPipe.RunArguments(input, folder.File("out"), "output.maxQuarantined=1")).Expect(0);
        var entry = Runs.Manifest.Read(folder.File("out")).Single();
        Assert.AreEqual((4, 2), (entry.RowsIn, entry.Quarantined));
        StringAssert.Contains(result.Output, ErrorCode.InvalidJson);
    }

    [TestMethod]
    public void Too_many_quarantined_rows_end_the_run_with_4()
    {
        using var folder = new TestFolder();
        var input = folder.File("mixed.jsonl");
        File.WriteAllLines(input, [File.ReadAllLines(Traces)[0], "{", "{"]);
        MlPipe.Run(MlPipe.RunArguments(input, folder.File("out"))).Expect(4);
    }

    [TestMethod]
    public void A_row_of_a_million_characters_is_quarantined_for_its_length()
    {
        using var folder = new TestFolder();
        var reasoning = string.Concat(Enumerable.Repeat("Wait, let me check 12 + 30 again. ", 30_000));
        folder.Write("long.jsonl", $$"""{"question": "q?", "reasoning": "{{reasoning}}The answer is 42.", "answer": "42"}""" + "\n");
        MlPipe.Run(MlPipe.RunArguments(folder.File("long.jsonl"), folder.File("out"), "output.maxQuarantined=1")).Expect(0);
        Assert.AreEqual(1, Runs.Manifest.Read(folder.File("out")).Single().Quarantined);
    }

    [TestMethod]
    public void An_output_folder_that_holds_something_else_is_refused()
    {
        using var folder = new TestFolder();
        folder.Write("precious.txt", "do not touch");
        StringAssert.Contains(MlPipe.Run(MlPipe.RunArguments(Traces, folder.Path)).Expect(2).Error, "not empty");
        Assert.HasCount(1, Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    public void Validate_finds_the_same_faults_without_writing()
    {
        MlPipe.Run("validate", MlPipe.Job, "--input", Traces).Expect(0);
        StringAssert.Contains(MlPipe.Run("validate", MlPipe.Job, "--input", Traces, "--set", "stages.adapt.map={question: nothere}").Expect(2).Error, "nothere");
    }

    [TestMethod]
    public void An_unknown_command_is_a_configuration_error() => MlPipe.Run("prune").Expect(2);
}
