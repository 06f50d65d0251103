using System.Text.Json;
using ML.Pipelines.Parquet.DuckDB;
using ML.Pipelines.Runs;

namespace ML.Pipelines.EndToEnd.Tests;

/// <summary>Jobs that filter source data before traces are made of it.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class SourceFilterJobTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [TestMethod]
    public void Competition_problems_are_filtered_before_they_are_adapted()
    {
        Write(
            Math("a", "What is x?", @"\boxed{5}", "math"), Math("b", "See the figure.", @"\boxed{5}", "math"),
            Math("c", "What is y?", @"\boxed{5}", "synthetic"), Math("d", "Prove it.", @"\boxed{}", "olympiads"),
            Math("e", "What is z?", "5", "amc_aime"), Math("f", "What is z?", @"\boxed{6}" + new string(' ', 30), "amc_aime"));
        Run("filter-math: {maxSolutionLength: 30}", "adapt");
        Assert.AreEqual("long-solution 1, mentions-figure 1, no-box 1, other-source 1, proof 1", Dropped());
        Assert.AreSequenceEqual([@"What is x? \boxed{5} 5"], Read("question || ' ' || reasoning || ' ' || answer"));

        static object Math(string id, string problem, string solution, string source) =>
            new { id, problem, solution, source, messages = new[] { new { role = "user", content = problem } } };
    }

    [TestMethod]
    public void An_empty_list_of_sources_takes_all_and_is_another_run()
    {
        Write(new { problem = "q", solution = @"\boxed{5}", source = "synthetic" });
        Run("filter-math: {sources: []}");
        Assert.AreEqual("", Dropped());
        var refused = MlPipe.Run("run", _folder.File("job.yaml"), "--set", "stages.filter-math.sources=math").Expect(2);
        Assert.Contains("stages.filter-math.sources", refused.Error);
    }

    [TestMethod]
    public void Programming_problems_are_filtered_by_description_tests_and_verdict()
    {
        var text = new string('x', 200);
        Write(
            Code(text, "[1]", "OK"), Code("short", "[1]", "OK"), Code(text + "http://a", "[1]", "OK"), Code(text + "[image]", "[1]", "OK"),
            Code(text, "[]", "OK"), Code(text, "[1]", "TLE"));
        Run("filter-code");
        Assert.AreEqual("holds-link 1, mentions-image 1, no-tests 1, short-description 1, wrong-verdict 1", Dropped());

        static object Code(string description, string tests, string verdict) => new { description, test_cases = tests, verdict };
    }

    [TestMethod]
    public void Two_questions_a_topic_stay_and_slices_choose_the_same()
    {
        Write([.. Enumerable.Range(0, 40).Select(i => new { id = $"r{i}", question = $"q{i}", sub_topic = i == 7 ? null : $"t{i % 4}" })]);
        Run("filter-science");
        var whole = Read("id");
        Assert.AreEqual("no-group 1, not-chosen 31", Dropped());
        Assert.AreSequenceEqual(["2", "2", "2", "2"], Read("count(*)", "GROUP BY sub_topic"));
        Directory.Delete(_folder.File("out"), recursive: true);
        MlPipe.Run("run", _folder.File("job.yaml"), "--slice", "1/2").Expect(0);
        MlPipe.Run("run", _folder.File("job.yaml"), "--slice", "2/2").Expect(0);
        Assert.AreSequenceEqual(whole, Read("id"));
    }

    [TestMethod]
    public void Puzzles_have_their_options_below_the_question()
    {
        var choices = new[] { new { label = "A", text = "shadow" }, new { label = "B", text = "echo" } };
        Write([.. Enumerable.Range(0, 9).Select(i => new { id = $"r{i}", question = $"q{i}?", choices = i == 0 ? [] : choices })]);
        Run("filter-puzzle: {count: 3}");
        Assert.AreEqual("no-options 1, not-chosen 5", Dropped());
        Assert.AreEqual("3", Read("count(*) FILTER (question = concat_ws(chr(10), 'q' || id[2:] || '?', 'A: shadow', 'B: echo'))").Single());
    }

    public void Dispose() => _folder.Dispose();

    private void Write(params object[] rows) =>
        File.WriteAllLines(_folder.File("in.jsonl"), rows.Select(row => JsonSerializer.Serialize(row)));

    private void Run(params string[] stages)
    {
        var list = string.Concat(stages.Select(stage => $"  - {stage}\n"));
        var job = _folder.Write("job.yaml", $"input: {{files: in.jsonl}}\noutput: {{folder: out, shardRows: 10}}\nstages:\n{list}");
        MlPipe.Run("run", job).Expect(0);
    }

    // Each shard accounts for each row.
    private string Dropped()
    {
        var entries = Manifest.Read(_folder.File("out"));
        foreach (var entry in entries) Assert.AreEqual(entry.RowsIn, entry.RowsKept + entry.Dropped.Values.Sum() + entry.Quarantined);
        return string.Join(", ", entries.SelectMany(entry => entry.Dropped).GroupBy(reason => reason.Key)
            .OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Key} {group.Sum(reason => reason.Value)}"));
    }

    private string?[] Read(string select, string rest = "") =>
        [.. DuckDBQuery.Execute($"SELECT {select} FROM '{_folder.File("out")}/data/*.parquet' {rest}").Rows.Select(row => row[0])];
}
