using System.Text.RegularExpressions;
using ML.Pipelines.Parquet.DuckDB;
using ML.Pipelines.Rewriting;
using ML.Pipelines.Runs;
using ML.Pipelines.Testing;
using ML.Pipelines.Text;

namespace ML.Pipelines.EndToEnd.Tests;

/// <summary>The jobs with a teacher, as a user runs them: on the bundled model, and by one override on a server.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed partial class TeacherJobTests
{
    private const string Key = "sk-secret-of-the-tests";

    private static readonly TestFolder Folder = new();
    private static MlPipe.Result _dap = null!, _c3ot = null!;

    private static string Dap => Folder.File("dap");

    private static string C3ot => Folder.File("c3ot");

    [ClassInitialize]
    public static void Run(TestContext context)
    {
        _dap = MlPipe.Run("run", Job("dap"), "--output", Dap).Expect(0);
        _c3ot = MlPipe.Run("run", Job("c3ot"), "--output", C3ot).Expect(0);
    }

    [ClassCleanup]
    public static void Clean() => Folder.Dispose();

    [TestMethod]
    public void The_bundled_model_rewrites_word_problems_and_nearly_all_pass_every_check()
    {
        var totals = Manifest.Read(Dap).Select(entry => entry.Attempts!["rewrite"]).Aggregate((sum, stage) => sum.Add(stage));
        Assert.AreEqual(40, totals.Rows);
        Assert.IsGreaterThanOrEqualTo(32, totals.Passed);
        Assert.IsLessThan(totals.TokensBefore, totals.TokensAfter);
        Assert.Contains("rewrite", _dap.Output);
    }

    [TestMethod]
    public void What_was_rewritten_states_the_gold_answer_in_the_frame_of_the_judged_level()
    {
        var rows = DuckDBQuery.Execute($"SELECT difficulty, reasoning, solution, answer FROM '{Dap}/data/*.parquet' WHERE outcome = 'shortened'").Rows;
        Assert.IsNotEmpty(rows);
        foreach (var row in rows)
        {
            Assert.IsTrue(AnswerEquivalence.AreEquivalent(row[2], row[3]), $"{row[2]} instead of {row[3]}");
            Assert.AreEqual(row[0], DifficultyFrame.NameOf(DifficultyFrame.Find(row[1]!)!.Level));
        }
    }

    [TestMethod]
    public void Compression_at_four_rates_gives_the_table_of_tokens_kept_against_rows_that_pass()
    {
        var totals = Manifest.Read(C3ot).Select(entry => entry.Attempts!).ToArray();
        Assert.AreSequenceEqual(["compress 0.5", "compress 0.6", "compress 0.7", "compress 0.8"], totals[0].Keys);
        var kept = totals[0].Keys.Select(rate => totals.Sum(shard => shard[rate].TokensAfter) / (double)totals.Sum(shard => shard[rate].TokensBefore)).ToArray();
        Assert.IsLessThan(kept[0], kept[^1]);
        Assert.IsTrue(kept.All(share => share < 0.7));
        foreach (var rate in totals[0].Keys) Assert.Contains(rate, _c3ot.Output);
        Assert.IsTrue(totals.All(shard => shard.Values.All(rate => rate.Scored == rate.Passed)));
    }

    [TestMethod]
    public void A_plan_estimates_the_calls_and_tokens_of_teachers()
    {
        var plan = RunPlan.Read(Dap);
        var used = Manifest.Read(Dap).SelectMany(entry => entry.Usage!).Where(model => model.Key == "teacher").Select(model => model.Value).Aggregate((sum, usage) => sum.Add(usage));
        var retries = Manifest.Read(Dap).Sum(entry => entry.Attempts!["rewrite"].Attempts - entry.Attempts["rewrite"].Rows);
        Assert.AreEqual(80, plan.Estimate!.Models["teacher"].Calls);
        Assert.AreEqual(80 + retries, used.Calls);
        // What is asked for again is not in the estimate, and the template's marks are a few tokens a call more.
        Assert.IsLessThan(0.25, Math.Abs(1 - ((double)plan.Estimate.Models["teacher"].InputTokens / used.InputTokens)));
    }

    [TestMethod]
    public async Task The_same_job_runs_on_a_server_by_one_override_and_no_key_is_written_anywhere()
    {
        using var folder = new TestFolder();
        await using var server = await FakeTeacherServer.StartAsync(new FakeTeacherScript { Key = Key, Reply = Reply }).ConfigureAwait(false);
        using var run = MlPipe.Start(start => start.Environment["TEACHER_KEY"] = Key, "run", Job("dap"), "--output", folder.File("out"), "--set",
            $"models.teacher={{type: openai, url: \"{server.Endpoint}\", served: fake, keyVariable: TEACHER_KEY}}");
        var result = run.Wait().Expect(0);
        Assert.IsFalse((result.Output + result.Error).Contains(Key, StringComparison.Ordinal));
        foreach (var file in Directory.GetFiles(folder.File("out"), "*", SearchOption.AllDirectories))
            Assert.IsFalse((await File.ReadAllTextAsync(file).ConfigureAwait(false)).Contains(Key, StringComparison.Ordinal), file);
        var totals = Manifest.Read(folder.File("out")).Select(entry => entry.Attempts!["rewrite"]).Aggregate((sum, stage) => sum.Add(stage));
        Assert.AreEqual((40L, 40L, 40L), (totals.Rows, totals.Passed, totals.Attempts));
    }

    [TestMethod]
    public void A_server_that_is_away_and_a_key_that_is_not_set_stop_the_run_with_a_message()
    {
        using var folder = new TestFolder();
        string[] run = ["run", Job("dap"), "--output", folder.File("out"), "--set"];
        var noKey = MlPipe.Run([.. run, "models.teacher={type: openai, url: \"http://127.0.0.1:1/v1\", served: m, keyVariable: NO_SUCH_KEY}"]).Expect(2);
        Assert.Contains("NO_SUCH_KEY", noKey.Error);
        var away = MlPipe.Run([.. run, "models.teacher={type: openai, url: \"http://127.0.0.1:1/v1\", served: m, patience: 0}"]).Expect(2);
        Assert.Contains("127.0.0.1:1", away.Error);
    }

    [TestMethod]
    public async Task Validate_tells_of_a_server_that_is_away_refuses_the_key_or_does_not_serve_the_model()
    {
        using var folder = new TestFolder();
        await using var server = await FakeTeacherServer.StartAsync(new FakeTeacherScript { Key = Key, Models = ["fake"] }).ConfigureAwait(false);
        Validate(server.Endpoint, "fake", Key).Expect(0);
        Assert.Contains("401", Validate(server.Endpoint, "fake", "wrong").Expect(2).Error);
        Assert.Contains("does not list this model, but fake", Validate(server.Endpoint, "other", Key).Expect(2).Error);
        Assert.Contains("127.0.0.1:1", Validate(new("http://127.0.0.1:1/v1"), "fake", Key).Expect(2).Error);
        Assert.AreEqual(0, server.Calls);

        MlPipe.Result Validate(Uri endpoint, string model, string key)
        {
            using var run = MlPipe.Start(start => start.Environment["TEACHER_KEY"] = key, "validate", Job("dap"), "--output", folder.File("out"), "--set",
                $"models.teacher={{type: openai, url: \"{endpoint}\", served: {model}, keyVariable: TEACHER_KEY}}");
            return run.Wait();
        }
    }

    [TestMethod]
    public void Show_prints_each_attempt_and_the_chains_of_the_output_beside_the_original()
    {
        var rows = DuckDBQuery.Execute($"SELECT id, reasoning FROM '{C3ot}/data/*.parquet' ORDER BY id, rate").Rows;
        var first = rows.TakeWhile(row => row[0] == rows[0][0]).ToArray();
        var page = MlPipe.Run("show", C3ot, "--id", rows[0][0]!).Expect(0).Output;
        Assert.StartsWith($"{rows[0][0]}: 4 attempts, {first.Length} passed, {first.Length} chains in the output\n", page);
        Assert.Contains("\noriginal\n", page);
        foreach (var row in first) Assert.Contains(row[1]!.Replace("\n", "\n      ", StringComparison.Ordinal), page);
        Assert.Contains("compress 0.5", page);
        Assert.Contains("\nshortened 0.8\n", page);
        Assert.Contains("rewrite", MlPipe.Run("show", Dap).Expect(0).Output);
    }

    // The level, and then a rewriting that passes: the numbers are the chain's own.
    private static FakeReply Reply(FakeRequest request)
    {
        var text = request.Row;
        if (!text.Contains("Chain of thought:", StringComparison.Ordinal)) return new("simple");
        var answer = Answer().Match(text).Groups[1].Value;
        var question = text[(text.IndexOf("Question:\n", StringComparison.Ordinal) + 10)..text.IndexOf("\n\nChain of thought:", StringComparison.Ordinal)];
        var numbers = string.Join(' ', Number().Matches(question).Select(number => number.Value));
        return new($"**Analysis:** Count.\n**Approach:** {numbers}\n**Summary:** It is {answer}.\n**Solution:** \\boxed{{{answer}}}");
    }

    private static string Job(string name) => Path.Combine(AppContext.BaseDirectory, "pipelines", name + ".yaml");

    [GeneratedRegex(@"Correct final answer: (\S+)")]
    private static partial Regex Answer();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();
}
