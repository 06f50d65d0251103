using System.Text.Json;
using ML.Pipelines.Formatting;
using ML.Pipelines.Parquet.DuckDB;
using ML.Pipelines.Runs;
using ML.Pipelines.Testing;

namespace ML.Pipelines.EndToEnd.Tests;

/// <summary>Difficulty-aware rewriting to the columns of LiteCoT, and back.</summary>
[TestClass]
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
        await using var server = await FakeTeacherServer.StartAsync(new() { Reply = _ => new(text.Replace("4\n", "4  \n", StringComparison.Ordinal)) }).ConfigureAwait(false);
        Write(tags, server.Endpoint);
        MlPipe.Run("run", _folder.File("job.yaml")).Expect(0);
        Assert.AreSequenceEqual(["r1", "What is 2+2?", Solution, "user", "What is 2+2?", "assistant", text, LiteCotFormat.SystemPrompt(tags)], Read(
            "out", "id, problem, solution, messages[1].role, messages[1].content, messages[2].role, messages[2].content, system_prompt"));
        Assert.AreSequenceEqual(["0"], Read("out", "count(*) FROM (DESCRIBE SELECT * FROM '{data}') WHERE column_name IN ('question', 'reasoning', 'system')"));

        MlPipe.Run("run", _folder.Write("back.yaml", "input: {files: 'out/data/*.parquet'}\noutput: {folder: back}\nstages: [adapt: {schema: smallthoughts}, format]\n")).Expect(0);
        Assert.AreSequenceEqual(["r1", "What is 2+2?", Chain, Solution, "4"], Read("back", "id, question, reasoning, solution, answer"));
    }

    [TestMethod]
    public void What_tells_thought_and_solution_apart_can_be_said_and_another_system_prompt_is_another_run()
    {
        File.WriteAllText(_folder.File("in.jsonl"), JsonSerializer.Serialize(new { id = "r", question = "q", reasoning = "Chain.", solution = "Done." }));
        var job = _folder.Write("job.yaml", "input: {files: in.jsonl}\noutput: {folder: out}\nstages: [format: {columns: litecot, solutionMark: heading, systemPrompt: Think.}]\n");
        MlPipe.Run("run", job).Expect(0);
        Assert.AreSequenceEqual(["Think.", "Chain.\n\n**Solution:** Done."], Read("out", "system_prompt, messages[2].content"));
        Assert.Contains("stages.format.systemPrompt", MlPipe.Run("run", job, "--set", "stages.format.systemPrompt=Other.").Expect(2).Error);
    }

    [TestMethod]
    public void Rows_without_a_solution_are_dropped_and_counted()
    {
        File.WriteAllLines(_folder.File("in.jsonl"), [
            JsonSerializer.Serialize(new { id = "a", question = "q", reasoning = "Chain.", solution = "Done." }), JsonSerializer.Serialize(new { id = "b", question = "q", reasoning = "Chain.", solution = "" })]);
        MlPipe.Run("run", _folder.Write("job.yaml", "input: {files: in.jsonl}\noutput: {folder: out}\nstages: [adapt, format: {columns: litecot}]\n")).Expect(0);
        Assert.AreEqual(1, Manifest.Read(_folder.File("out")).Single().Dropped["no-solution"]);
    }

    public void Dispose() => _folder.Dispose();

    private void Write(bool tags, Uri endpoint)
    {
        var reasoning = string.Join(' ', Enumerable.Repeat("So I take 2 and I take 2 once more and count them.", 8));
        File.WriteAllText(_folder.File("in.jsonl"), JsonSerializer.Serialize(new { id = "r1", question = "\"What is 2+2?\"", reasoning, answer = "4" }));
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

    private IEnumerable<string?> Read(string run, string select)
    {
        var data = _folder.File(run) + "/data/*.parquet";
        return DuckDBQuery.Execute(select.Contains("{data}", StringComparison.Ordinal) ? "SELECT " + select.Replace("{data}", data, StringComparison.Ordinal) : $"SELECT {select} FROM '{data}'").Rows.Single();
    }
}
