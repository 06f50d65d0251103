using System.Text.Json;
using ML.Pipelines.Formatting;
using ML.Pipelines.Parquet.DuckDB;
using ML.Pipelines.Runs;
using ML.Pipelines.Testing;

namespace ML.Pipelines.EndToEnd.Tests;

/// <summary>Difficulty-aware rewriting to the columns of LiteCoT, and back.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class LiteCotJobTests : IDisposable
{
    private const string Chain = "**Analysis:** Add 2 and 2.\n**Approach:** 2 + 2 = 4\n**Summary:** It is 4.";
    private const string Solution = "It is \\boxed{4}.";

    private readonly TestFolder _folder = new();

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task A_rewritten_row_has_the_teachers_text_in_messages_and_is_read_back_as_SmallThoughts(bool tags)
    {
        var text = LiteCotFormat.TeacherText(Chain, Solution, tags);
        var reply = text.Replace("4\n", "4  \n", StringComparison.Ordinal);
        await using var server = await FakeTeacherServer.StartAsync(new() { Reply = _ => new(reply) }).ConfigureAwait(false);
        WriteRewriting(tags, server.Endpoint);
        MlPipe.Run("run", _folder.File("job.yaml")).Expect(0);
        Assert.AreSequenceEqual(
            ["r1", "What is 2+2?", Solution, "user", "What is 2+2?", "assistant", text, LiteCotFormat.SystemPrompt(tags)],
            Read("out", "id, problem, solution, messages[1].role, messages[1].content, messages[2].role, messages[2].content, system_prompt"));
        string[] gone = ["question", "reasoning", "system"];
        Assert.IsFalse(RunPlan.Read(_folder.File("out")).Columns.Any(column => gone.Contains(column.Name)));

        MlPipe.Run("run", _folder.Write("back.yaml",
            "input: {files: 'out/data/*.parquet'}\noutput: {folder: back}\nstages: [adapt: {schema: smallthoughts}, format]\n")).Expect(0);
        Assert.AreSequenceEqual(["r1", "What is 2+2?", Chain, Solution, "4"], Read("back", "id, question, reasoning, solution, answer"));
    }

    [TestMethod]
    public void What_tells_thought_and_solution_apart_can_be_said_and_another_system_prompt_is_another_run()
    {
        Write(new { id = "r", question = "q", reasoning = "Chain.", solution = "Done." });
        var job = Job("format: {columns: litecot, solutionMark: heading, systemPrompt: Think.}");
        MlPipe.Run("run", job).Expect(0);
        Assert.AreSequenceEqual(["Think.", "Chain.\n\n**Solution:** Done."], Read("out", "system_prompt, messages[2].content"));
        Assert.Contains("stages.format.systemPrompt", MlPipe.Run("run", job, "--set", "stages.format.systemPrompt=Other.").Expect(2).Error);
    }

    [TestMethod]
    public void Rows_without_a_solution_are_dropped_and_counted()
    {
        Write(new { id = "a", question = "q", reasoning = "Chain.", solution = "Done." }, new { id = "b", question = "q", reasoning = "Chain." });
        MlPipe.Run("run", Job("adapt, format: {columns: litecot}")).Expect(0);
        Assert.AreEqual(1, Manifest.Read(_folder.File("out")).Single().Dropped["no-solution"]);
    }

    public void Dispose() => _folder.Dispose();

    private void Write(params object[] rows) =>
        File.WriteAllLines(_folder.File("in.jsonl"), rows.Select(row => JsonSerializer.Serialize(row)));

    private string Job(string stages) =>
        _folder.Write("job.yaml", $"input: {{files: in.jsonl}}\noutput: {{folder: out}}\nstages: [{stages}]\n");

    private void WriteRewriting(bool tags, Uri endpoint)
    {
        var reasoning = string.Join(' ', Enumerable.Repeat("So I take 2 and I take 2 once more and count them.", 8));
        Write(new { id = "r1", question = "\"What is 2+2?\"", reasoning, answer = "4" });
        File.WriteAllText(_folder.File("job.yaml"), $$"""
            input: {files: in.jsonl}
            output: {folder: out}
            models:
              teacher: {type: openai, url: "{{endpoint}}", served: fake}
            stages:
              - adapt
              - rewrite: {teacher: teacher, tags: {{(tags ? "true" : "false")}}, fallback: drop, retries: 0}
              - format: {columns: litecot}
            """);
    }

    private IEnumerable<string?> Read(string run, string select) =>
        DuckDBQuery.Execute($"SELECT {select} FROM '{_folder.File(run)}/data/*.parquet'").Rows.Single();
}
