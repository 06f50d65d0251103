using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.ML;
using ML.Pipelines.Data;
using ML.Pipelines.Pruning;
using ML.Pipelines.Rewriting;
using ML.Pipelines.Runs;
using ML.Pipelines.Runs.Stores;
using ML.Pipelines.Teachers;
using ML.Pipelines.Tests.Data;
using ML.Pipelines.Tests.Pruning;
using ML.Pipelines.Tests.Runs;

namespace ML.Pipelines.Tests.Rewriting;

/// <summary>Whole runs in which a teacher shortens chains: what enters the set, what stays, and what the evidence says.</summary>
[TestClass]
public sealed class ShorteningRunTests : FileTest
{
    private const string Simple = "**Analysis:** We add.\n**Approach:** 12 + 30 = 42.\n**Summary:** There are 42.\n**Solution:** \\boxed{42}";
    private const string Chain = "Let me think about it. She has 12 of them, I believe. She buys 30. So 12 + 30 = 42. Wait, let me check: 42 - 30 = 12. "
        + "Alternatively, count them one by one, which is long. Yes, that is right. The answer is 42.";

    private static readonly JsonShardFormat Format = new();

    [TestMethod]
    public void A_rewritten_row_has_thought_solution_and_level_of_the_reply_and_its_attempt_in_the_evidence()
    {
        var totals = Run(_ => Simple, Rewrite());
        var row = Rows("data").Single();
        Assert.AreEqual("**Analysis:** We add.\n**Approach:** 12 + 30 = 42.\n**Summary:** There are 42.", row["reasoning"]);
        Assert.AreEqual("\\boxed{42}|simple|shortened", $"{row["solution"]}|{row["difficulty"]}|{row["outcome"]}");
        Assert.AreEqual(new AttemptTotals(1, 1, 1, Words(Chain), 13), totals.Attempts["rewrite"]);
        var attempt = Rows("attempts").Single();
        Assert.AreEqual("r0|rewrite|1|passed|simple|42", string.Join('|', ((string[])["trace_id", "stage", "attempt", "verdict", "difficulty", "answer"]).Select(name => attempt[name])));
    }

    [TestMethod]
    public void A_reply_that_fails_is_answered_with_what_was_wrong_and_asked_for_again()
    {
        var client = new ScriptedClient(messages => messages.Count > 2 ? Simple : Simple.Replace("42", "43", StringComparison.Ordinal));
        Run(client, Rewrite());
        Assert.AreSequenceEqual(["answer-changed", "passed"], Rows("attempts").Select(attempt => attempt["verdict"]));
        Assert.Contains("Its final answer is 43, but the correct one is 42.", client.Asked[1][^1].Text);
        Assert.AreEqual("2", Rows("data").Single()["attempts"]);
    }

    [TestMethod]
    [DataRow("  ", "teacher.empty")]
    [DataRow("I'm sorry, but I can't help with that.", "teacher.refusal")]
    [DataRow("Here it is: 42", RewritingMethod.NoSolution)]
    [DataRow("**Analysis:** a\n**Solution:** 42", RewritingMethod.WrongFrame)]
    public void Where_no_reply_can_be_used_the_row_keeps_its_own_chain_and_the_evidence_says_why(string reply, string verdict)
    {
        var totals = Run(_ => reply, Rewrite());
        var row = Rows("data").Single();
        Assert.AreEqual((Chain, "original", "2"), (row["reasoning"], row["outcome"], row["attempts"]));
        Assert.AreSequenceEqual([verdict, verdict], Rows("attempts").Select(attempt => attempt["verdict"]));
        Assert.AreEqual((1L, 0L, 2L), (totals.Attempts["rewrite"].Rows, totals.Attempts["rewrite"].Passed, totals.Attempts["rewrite"].Attempts));
    }

    [TestMethod]
    [DataRow("", 2)]
    [DataRow("nothing", 4)]
    public void Turns_alternate_also_where_there_is_no_reply_to_answer(string reply, int messages)
    {
        var client = new ScriptedClient(_ => reply);
        Run(client, Rewrite());
        Assert.HasCount(messages, client.Asked[1]);
        Assert.AreSequenceEqual(new[] { ChatRole.System, ChatRole.User, ChatRole.Assistant, ChatRole.User }.Take(messages), client.Asked[1].Select(message => message.Role));
        Assert.Contains("This cannot be used.", client.Asked[1][^1].Text);
    }

    [TestMethod]
    public void Dropping_is_a_policy_and_counts_the_last_verdict()
    {
        var totals = Run(_ => "nothing", sets => sets.RewriteByDifficulty(Teacher!, Options() with { Fallback = ShorteningFallback.Drop, Retries = 0 }));
        Assert.AreEqual(1, totals.Dropped[RewritingMethod.NoSolution]);
        Assert.HasCount(1, Rows("attempts"));
    }

    [TestMethod]
    public void Pruning_is_a_policy_that_takes_steps_out_of_the_row_s_own_chain()
    {
        using var scorer = new FakeScorer { Noisy = true };
        Run(_ => "nothing", sets => sets.RewriteByDifficulty(Teacher!, Options() with { Fallback = ShorteningFallback.Prune, Retries = 0 },
            new ChainTools(scorer, null, new PruningOptions { Ratio = 1, GuardCorrections = false })), chain: string.Join("\n\n", Chain.Split(". ")));
        var row = Rows("data").Single();
        Assert.AreEqual("pruned", row["outcome"]);
        Assert.IsLessThan(int.Parse(row["tokens_before"], null), int.Parse(row["tokens_after"], null));
        Assert.EndsWith("The answer is 42.", row["reasoning"]);
    }

    [TestMethod]
    public void A_policy_that_needs_a_scorer_is_refused_without_one() => Assert.Contains("need a scorer", Throws(ErrorCode.Configuration, () =>
        Run(_ => Simple, sets => sets.RewriteByDifficulty(Teacher!, Options() with { Fallback = ShorteningFallback.Prune }))).Message);

    [TestMethod]
    [DataRow("<|begin_of_thought|>\n{0}\n<|end_of_thought|>\n\n<|begin_of_solution|>\n42\n<|end_of_solution|>", "passed")]
    [DataRow("<|begin_of_thought|>\n{0}\n<|end_of_thought|>\n\n42", "wrong-tags")]
    [DataRow("<|begin_of_thought|><|begin_of_thought|>\n{0}\n<|end_of_thought|>\n<|begin_of_solution|>42<|end_of_solution|>", "wrong-tags")]
    [DataRow("<|begin_of_thought|>\n{0}\n<|begin_of_solution|>42<|end_of_solution|><|end_of_thought|>", "wrong-tags")]
    [DataRow("<|begin_of_thought|>\n{0}\n<|end_of_thought|>\nand so\n<|begin_of_solution|>42<|end_of_solution|>", "wrong-tags")]
    public void With_tags_thought_and_solution_stand_between_them_and_nowhere_else(string reply, string verdict)
    {
        var frame = Simple[..Simple.IndexOf("\n**Solution", StringComparison.Ordinal)];
        Run(_ => reply.Replace("{0}", frame, StringComparison.Ordinal), sets => sets.RewriteByDifficulty(Teacher!, Options() with { Tags = true, Retries = 0 }));
        Assert.AreEqual(verdict, Rows("attempts").Single()["verdict"]);
    }

    [TestMethod]
    public void A_solution_longer_than_its_level_allows_fails()
    {
        Run(_ => Simple, sets => sets.RewriteByDifficulty(Teacher!, Options() with { MaxSimpleSolution = 5, Retries = 0 }));
        Assert.AreEqual(RewritingMethod.SolutionTooLong, Rows("attempts").Single()["verdict"]);
    }

    [TestMethod]
    public void Each_rate_is_a_row_of_its_own_and_has_its_own_totals()
    {
        var totals = Run(messages => messages[^1].Text.Contains("50", StringComparison.Ordinal) ? "She has 12, buys 30: 12 + 30 = 42. Checked once more. 42."
            : "12 + 30 = 42.", sets => sets.CompressChainOfThought(Teacher!, new() { Prompt = PromptTemplate.Open("bundled/compress"), Rates = [0.5, 0.8] }));
        Assert.AreSequenceEqual(["0.5", "0.8"], Rows("data").Select(row => row["rate"]));
        Assert.AreEqual((1L, 2L), (totals.RowsKept, totals.RowsOut));
        Assert.AreSequenceEqual(["compress 0.5", "compress 0.8"], totals.Attempts.Keys);
        Assert.IsTrue(totals.Attempts.Values.All(rate => rate.Passed == 1));
    }

    [TestMethod]
    [DataRow("c3ot-compress", new double[0], "short")]
    [DataRow("bundled/compress", new[] { .5 }, "short_50")]
    public void As_columns_a_teacher_s_chain_stands_beside_the_row_s_own(string prompt, double[] rates, string column)
    {
        Run(_ => "12 + 30 = 42.", sets => sets.CompressChainOfThought(Teacher!,
            new() { Prompt = PromptTemplate.Open(prompt), Rates = rates, Layout = RateLayout.Columns }));
        var row = Rows("data").Single();
        Assert.AreEqual((Chain, "12 + 30 = 42.", "shortened"), (row["reasoning"], row[column], row["outcome"]));
        Assert.IsFalse(row.ContainsKey("rate"));
    }

    [TestMethod]
    public void A_gate_on_the_answer_s_likelihood_rejects_a_chain_without_the_deduction()
    {
        // The fake scorer's answers are as much less likely as numbers in angle brackets are missing.
        using var scorer = new FakeScorer();
        var chain = "First <3> we see it. Then 12 and 30 make the sum. Well, well, well, and so on. The answer is 42.";
        Run(_ => "12 and 30 make the sum. The answer is 42.", sets => sets.CompressChainOfThought(Teacher!,
            new() { Prompt = PromptTemplate.Open("c3ot-compress"), MaxAnswerLossIncrease = 1, Retries = 0 }, new ChainTools(scorer)), chain: chain);
        var attempt = Rows("attempts").Single();
        Assert.AreEqual((ChainGate.AnswerLessLikely, "3"), (attempt["verdict"], attempt["answer_loss_increase"]));
    }

    [TestMethod]
    public void A_row_without_an_answer_or_with_a_cut_chain_asks_nobody()
    {
        File.WriteAllLines(Input, [Json("r0", "No number here.", null), Json("r1", Chain, "42", complete: false)]);
        var client = new ScriptedClient(_ => Simple);
        var totals = Run(client, Rewrite());
        Assert.AreEqual((1L, 1L), (totals.Dropped[ChainGate.NoAnswer], totals.Dropped[ShorteningStage.CutOff]));
        Assert.IsEmpty(client.Asked);
    }

    [TestMethod]
    public void Levels_come_from_the_judge_and_the_reply_must_be_in_the_frame_of_its_own()
    {
        string Reply(IReadOnlyList<ChatMessage> messages) => messages[^1].Text.StartsWith("Judge", StringComparison.Ordinal) ? "moderate" : Simple;
        Run(Reply, sets => sets.JudgeDifficulty("difficulty", Teacher!, new() { Prompt = PromptTemplate.Open("bundled/judge") })
            .Append(sets.RewriteByDifficulty(Teacher!, Options() with { Prompt = PromptTemplate.Open("bundled/rewrite"), Retries = 0 })));
        Assert.AreEqual(RewritingMethod.WrongFrame, Rows("attempts").Single()["verdict"]);
    }

    [TestMethod]
    public void A_judge_s_reply_that_is_no_level_quarantines_the_row()
    {
        var totals = Run(_ => "It depends.", sets => sets.JudgeDifficulty("difficulty", Teacher!));
        Assert.AreEqual(1, totals.Quarantined[ErrorCode.TeacherUnexpectedReply]);
    }

    [TestMethod]
    public void A_run_that_is_made_again_from_its_journal_asks_nobody_and_gives_the_same_bytes()
    {
        File.WriteAllLines(Input, Enumerable.Range(0, 9).Select(i => Json($"r{i}", $"{Chain} {i}", "42")));
        var first = new ScriptedClient(messages => messages.Count > 2 ? Simple : "nothing");
        var fail = true;
        var format = new JsonShardFormat { Before = (what, path) => Assert.IsFalse(fail && what == "write" && path.Contains("data/part-00001", StringComparison.Ordinal)) };
        Assert.ThrowsExactly<AssertFailedException>(() => Run(first, Rewrite(), "again", format));
        fail = false;
        var second = new ScriptedClient(messages => messages.Count > 2 ? Simple : "nothing");
        Run(second, Rewrite(), "again", format);
        Assert.HasCount(18, first.Asked.Concat(second.Asked).ToArray());
        Run(new ScriptedClient(messages => messages.Count > 2 ? Simple : "nothing"), Rewrite(), "whole");
        foreach (var kind in (string[])["data", "attempts"])
            Assert.AreSequenceEqual(Rows(kind, "whole").Select(Text), Rows(kind, "again").Select(Text));
        Assert.IsEmpty(RunVerification.Check(new RunFolder(Path.Combine(Folder, "again")), Format, hasEvidence: false));
    }

    private Teacher? Teacher { get; set; }

    private string Input => Path.Combine(Folder, "input.jsonl");

    private static RewritingOptions Options() => new() { Prompt = PromptTemplate.Open("dap-rewrite"), Concurrency = 3 };

    private Func<TrainingSetsCatalog, IEstimator<ITransformer>> Rewrite() => sets => sets.RewriteByDifficulty(Teacher!, Options());

    private RunTotals Run(
        Func<IReadOnlyList<ChatMessage>, string> reply, Func<TrainingSetsCatalog, IEstimator<ITransformer>> stages, string chain = Chain)
    {
        File.WriteAllText(Input, Json("r0", chain, "42"));
        return Run(new ScriptedClient(reply), stages);
    }

    private RunTotals Run(ScriptedClient client, Func<TrainingSetsCatalog, IEstimator<ITransformer>> stages, string output = "out", JsonShardFormat? format = null)
    {
        if (!File.Exists(Input)) File.WriteAllText(Input, Json("r0", Chain, "42"));
        var run = new PipelineRun();
        Teacher = new(client, ScriptedClient.Info, run.Journal);
        return run.Execute(new()
        {
            Options = [],
            Source = ML.Data.LoadFromJsonLines(Input, new() { Rejects = run.Rejects }),
            InputFiles = [Input],
            Chain = stages(ML.TrainingSets(run)),
            Models = new Dictionary<string, string> { ["teacher"] = ScriptedClient.Info.Fingerprint },
            Store = new LocalRunStore(Path.Combine(Folder, output)),
            Format = format ?? Format,
            ShardRows = 4,
        });
    }

    private static string Json(string id, string reasoning, string? answer, bool complete = true) => JsonSerializer.Serialize(new
    {
        id,
        question = "Ann has 12 apples and buys 30 more. How many has she?",
        reasoning,
        answer,
        solution = (string?)null,
        complete,
    });

    private static int Words(string text) => text.Split(' ').Length;

    private static string Text(Dictionary<string, string> row) => string.Join('|', row.OrderBy(cell => cell.Key, StringComparer.Ordinal));

    // All rows of a kind of shard, as text.
    private List<Dictionary<string, string>> Rows(string kind, string output = "out")
    {
        var view = Format.Read(new RunFolder(Path.Combine(Folder, output)).Files(kind, Format.Extension));
        using var cursor = view.GetRowCursor(view.Schema);
        var cells = view.Schema.Where(column => !Nulls.IsCompanion(column)).Select(column => (column.Name, Read: Columns.TextOrEmpty(cursor, column))).ToArray();
        var rows = new List<Dictionary<string, string>>();
        while (cursor.MoveNext()) rows.Add(cells.ToDictionary(cell => cell.Name, cell => cell.Read(), StringComparer.Ordinal));
        return rows;
    }
}
