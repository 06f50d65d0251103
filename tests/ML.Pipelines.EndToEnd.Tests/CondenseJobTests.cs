using System.Collections.Concurrent;
using ML.Pipelines.Parquet.DuckDB;
using ML.Pipelines.Runs;
using ML.Pipelines.Testing;
using ML.Pipelines.Text;

namespace ML.Pipelines.EndToEnd.Tests;

/// <summary>Compression without a teacher, as a user runs it: on the bundled model, and on a server that is killed away from.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class CondenseJobTests
{
    private const int Rows = 40;
    private const int CallsInFlight = 2;

    private static readonly TestFolder Folder = new();
    private static MlPipe.Result _result = null!;

    private static string Job => Path.Combine(AppContext.BaseDirectory, "pipelines", "condense.yaml");

    private static string Out => Folder.File("out");

    [ClassInitialize]
    public static void Run(TestContext context) => _result = MlPipe.Run("run", Job, "--output", Out, "--set", "output.shardRows=10").Expect(0);

    [ClassCleanup]
    public static void Clean() => Folder.Dispose();

    [TestMethod]
    public void The_closing_table_has_a_line_a_rate_with_fewer_tokens_at_higher_rates()
    {
        var totals = Totals(Out);
        Assert.AreSequenceEqual(["compress 0.1", "compress 0.3", "compress 0.5"], totals.Keys);
        var kept = totals.Values.Select(rate => rate.TokensAfter / (double)rate.TokensBefore).ToArray();
        Assert.IsTrue(kept[0] > kept[1] && kept[1] > kept[2], string.Join(' ', kept));
        foreach (var (name, rate) in totals)
        {
            Assert.AreEqual((Rows, Rows), (rate.Rows, rate.Attempts));
            Assert.IsGreaterThanOrEqualTo(36, rate.Passed);
            Assert.AreEqual(rate.Passed, rate.Scored);
            Assert.Contains(name, _result.Output);
        }
    }

    [TestMethod]
    public void Every_chain_has_words_of_its_own_alone_and_states_the_gold_answer()
    {
        var rows = DuckDBQuery.Execute($"SELECT reasoning, answer, id FROM '{Out}/data/*.parquet'").Rows;
        var own = File.ReadLines(TestFolder.Sample("rationales.jsonl")).Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement)
            .ToDictionary(row => row.GetProperty("id").GetString()!, row => Words(row.GetProperty("reasoning").GetString()!));
        Assert.IsGreaterThan(2 * Rows, rows.Count);
        foreach (var row in rows)
        {
            Assert.IsTrue(IsSubsequence(Words(row[0]!), own[row[2]!]), row[0]);
            Assert.IsGreaterThanOrEqualTo(0, AnswerOccurrence.FirstIn(row[0]!, row[1]!), row[0]);
        }
    }

    [TestMethod]
    public void The_plan_estimated_calls_and_tokens_within_a_tenth_of_what_the_run_took()
    {
        var (estimate, used) = (RunPlan.Read(Out).Estimate!.Models["scorer"], Used(Out));
        Assert.IsLessThan(.1, Math.Abs(1 - (estimate.Calls / (double)used.Calls)), $"{estimate} {used}");
        Assert.IsLessThan(.1, Math.Abs(1 - (estimate.InputTokens / (double)used.InputTokens)), $"{estimate} {used}");
    }

    [TestMethod]
    public void As_columns_each_row_keeps_its_chain_beside_the_shorter_ones()
    {
        using var folder = new TestFolder();
        MlPipe.Run("run", Job, "--output", folder.File("out"), "--set", "output.shardRows=10", "--set", "stages.compress.layout=columns").Expect(0);
        var same = DuckDBQuery.Execute($"SELECT count(*) FROM '{folder.File("out")}/data/*.parquet' c JOIN '{Out}/data/*.parquet' r "
            + "ON c.id = r.id AND r.reasoning = CASE r.rate WHEN 0.1 THEN c.short_10 WHEN 0.3 THEN c.short_30 ELSE c.short_50 END").Rows[0][0];
        var all = Totals(Out);
        Assert.AreEqual($"{all.Values.Sum(rate => rate.Passed)}", same);
        Assert.AreEqual($"{Rows}", DuckDBQuery.Execute($"SELECT count(*) FROM '{folder.File("out")}/data/*.parquet' "
            + $"JOIN '{TestFolder.Sample("rationales.jsonl")}' source USING (id, reasoning)").Rows[0][0]);
        Assert.AreSequenceEqual(all, Totals(folder.File("out")));
    }

    [TestMethod]
    public void A_killed_run_goes_on_to_the_same_bytes_and_usage()
    {
        using var folder = new TestFolder();
        string[] arguments = ["run", Job, "--output", folder.File("out"), "--set", "output.shardRows=10"];
        using (var first = MlPipe.Start(arguments))
        {
            Assert.IsTrue(SpinWait.SpinUntil(() => Directory.Exists(Path.Combine(folder.File("out"), ".mlpipe", "journals")), TimeSpan.FromMinutes(1)));
            first.Kill();
            first.Wait();
        }
        MlPipe.Run(arguments).Expect(0);
        TestFolder.AssertSame(Out, folder.File("out"));
        Assert.AreEqual(Used(Out), Used(folder.File("out")));
    }

    [TestMethod]
    public async Task On_a_server_a_killed_run_makes_no_call_twice_but_those_in_flight_and_gives_the_same_bytes()
    {
        const int DieAt = 60;
        using var folder = new TestFolder();
        using var reached = new ManualResetEventSlim();
        using var killed = new ManualResetEventSlim();
        var prompts = new ConcurrentQueue<string>();
        await using var server = await FakeTeacherServer.StartAsync(new FakeTeacherScript
        {
            Score = prompt =>
            {
                prompts.Enqueue(string.Join(' ', prompt.Ids!));
                if (prompts.Count >= DieAt && !killed.IsSet)
                {
                    reached.Set();
                    killed.Wait();
                }
                return Score(prompt.Ids!);
            },
        }).ConfigureAwait(false);
        using (var first = MlPipe.Start(Arguments("out")))
        {
            if (!reached.Wait(TimeSpan.FromMinutes(1))) Assert.Fail(first.Wait().ToString());
            first.Kill();
            first.Wait();
        }
        var answered = prompts.Count;
        killed.Set();
        MlPipe.Run(Arguments("out")).Expect(0);
        Assert.IsGreaterThanOrEqualTo(DieAt, answered);
        Assert.IsLessThanOrEqualTo(CallsInFlight, prompts.Count - prompts.Distinct().Count());
        var all = prompts.ToHashSet(StringComparer.Ordinal);
        prompts.Clear();
        MlPipe.Run(Arguments("whole")).Expect(0);
        Assert.IsTrue(all.SetEquals(prompts));
        TestFolder.AssertSame(folder.File("whole"), folder.File("out"));

        // By self-information alone each score is one request.
        string[] Arguments(string output) => ["run", Job, "--output", folder.File(output), "--set", "output.shardRows=10", "--set",
            $"stages.compress.concurrency={CallsInFlight}", "--set", "stages.compress.method=self-information", "--set",
            $"models.scorer={{type: openai, url: \"{server.Endpoint}\", served: fake, contextLength: 2048, tokenizer: \"{Tokenizer}\"}}"];
    }

    [TestMethod]
    public void A_server_without_a_tokenizer_is_refused_before_the_first_call() => Assert.Contains("models.scorer.tokenizer: missing",
        MlPipe.Run("run", Job, "--output", Folder.File("refused"), "--set",
            "models.scorer={type: openai, url: \"http://127.0.0.1:1/v1\", served: fake, contextLength: 2048}").Expect(2).Error);

    private static string Tokenizer => Path.Combine(AppContext.BaseDirectory, "BundledModel");

    // What a token is worth depends on all before it, as with a model.
    private static List<(string Token, double? LogProbability)> Score(IReadOnlyList<int> ids)
    {
        var scores = new List<(string, double?)> { ("", null) };
        var state = 17u;
        for (var i = 1; i < ids.Count; i++)
        {
            state = (state * 31) + (uint)ids[i - 1];
            scores.Add(("", -(((state ^ (uint)(ids[i] * 7919)) % 1000) / 100.0)));
        }
        return scores;
    }

    private static SortedDictionary<string, AttemptTotals> Totals(string output)
    {
        var totals = new SortedDictionary<string, AttemptTotals>(StringComparer.Ordinal);
        foreach (var (name, rate) in Manifest.Read(output).SelectMany(entry => entry.Attempts!))
            totals[name] = totals.TryGetValue(name, out var known) ? known.Add(rate) : rate;
        return totals;
    }

    private static ModelUsage Used(string output) =>
        Manifest.Read(output).Select(entry => entry.Usage!["scorer"]).Aggregate((sum, usage) => sum.Add(usage));

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static bool IsSubsequence(string[] words, string[] of)
    {
        var at = 0;
        foreach (var word in of)
            if (at < words.Length && word == words[at]) at++;
        return at == words.Length;
    }
}
