using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Compression;
using ML.Pipelines.Data;
using ML.Pipelines.Models;
using ML.Pipelines.Rewriting;
using ML.Pipelines.Runs;
using ML.Pipelines.Runs.Stores;
using ML.Pipelines.Tests.Data;
using ML.Pipelines.Tests.Pruning;
using ML.Pipelines.Tests.Runs;

namespace ML.Pipelines.Tests.Compression;

/// <summary>Whole runs in which chains are compressed without a teacher: what passes, what falls back, and what a scorer is asked.</summary>
[TestClass]
public sealed class ChainCompressionRunTests : FileTest
{
    private const string Chain = "Let me think about it. She has 12 of them, I believe. She buys 30. So 12 + 30 = 42. Wait, let me check: 42 - 30 = 12. "
        + "Alternatively, count them one by one, which is long. Yes, that is right. The answer is 42.";

    private const string Protected = "12 + 30 = 42.";

    private static readonly JsonShardFormat Format = new();
    private static readonly ScorerInfo Model = new("words", "words-1", 1000);

    private readonly FakeWordScorer _scorer = new();

    private string Input => Path.Combine(Folder, "input.jsonl");

    [TestMethod]
    public void Each_rate_is_a_row_with_its_own_totals_and_words_are_scored_once_for_all()
    {
        Write(Chain);
        var totals = Run(Options(.2, .5));
        Assert.AreSequenceEqual(["0.2|shortened|1", "0.5|shortened|1"], Rows("data").Select(row => $"{row["rate"]}|{row["outcome"]}|{row["attempts"]}"));
        Assert.AreSequenceEqual(["compress 0.2", "compress 0.5"], totals.Attempts.Keys);
        Assert.IsTrue(totals.Attempts.Values.All(rate => rate.Passed == 1));
        Assert.AreEqual(1, _scorer.Calls.Count(call => call.StartsWith("words", StringComparison.Ordinal)));
        Assert.AreEqual(_scorer.Calls.Count, totals.Usage["scorer"].Calls);
    }

    [TestMethod]
    public void The_evidence_has_the_asked_and_the_achieved_share_of_words_that_went()
    {
        Write(Chain);
        Run(Options(.5));
        var attempt = Rows("attempts").Single();
        var kept = Rows("data").Single()["reasoning"];
        Assert.AreEqual(("0.5", "passed", "compress"), (attempt["rate"], attempt["verdict"], attempt["stage"]));
        Assert.AreEqual(1 - ((double)Words(kept) / Words(Chain)), double.Parse(attempt["achieved_rate"], null), 1e-12);
        Assert.AreEqual(.5, double.Parse(attempt["achieved_rate"], null), 1.0 / Words(Chain));
    }

    [TestMethod]
    public void A_chain_whose_words_are_all_protected_fails_as_not_shorter_once_and_the_fallback_decides()
    {
        Write(Protected);
        Run(Options(.5));
        Assert.AreEqual((Protected, "original"), (Rows("data").Single()["reasoning"], Rows("data").Single()["outcome"]));
        Assert.AreEqual(ChainGate.NotShorter, Rows("attempts").Single()["verdict"]);
        var totals = Run(Options(.5) with { Fallback = ShorteningFallback.Drop }, "dropped");
        Assert.AreEqual(1, totals.Dropped[ChainGate.NotShorter]);
    }

    [TestMethod]
    public void The_gate_on_the_answer_s_likelihood_applies()
    {
        using var gate = new FakeScorer();
        Write("First see <3> ducks. Then 12 and 30 make the sum, well, well. The answer is 42.");
        Run(Options(.1, .2, .3) with { MaxAnswerLossIncrease = -1 }, tools: new(gate));
        Assert.AreSequenceEqual(Enumerable.Repeat(ChainGate.AnswerLessLikely, 3), Rows("attempts").Select(attempt => attempt["verdict"]));
    }

    [TestMethod]
    public void Protected_phrases_stay()
    {
        Write(Chain);
        Run(Options(.5) with { Words = new() { ProtectedPhrases = ["Let me think about it."] } });
        Assert.StartsWith("Let me think about it.", Rows("data").Single()["reasoning"]);
    }

    [TestMethod]
    public void A_chain_that_cannot_be_scored_is_quarantined()
    {
        Write($"☠ {Chain}");
        Assert.AreEqual(1, Run(Options(.5)).Quarantined[ErrorCode.TokenOutOfRange]);
    }

    [TestMethod]
    public void A_gate_that_cannot_be_scored_is_a_verdict_and_no_end_of_the_run()
    {
        using var gate = new FakeScorer { Distort = _ => throw new PipelineException(ErrorCode.NotFinite, "No number.") };
        Write(Chain);
        Run(Options(.5) with { MaxAnswerLossIncrease = 1 }, tools: new(gate));
        Assert.AreEqual(ErrorCode.NotFinite, Rows("attempts").Single()["verdict"]);
    }

    [TestMethod]
    public void A_run_that_was_stopped_goes_on_to_the_same_rows_and_asks_for_no_score_again()
    {
        Write([.. Enumerable.Range(0, 9).Select(i => $"{i} {Chain}")]);
        Run(Options(.2, .5), "whole");
        var calls = _scorer.Calls;
        var fail = true;
        var format = new JsonShardFormat { Before = (what, path) => Assert.IsFalse(fail && what == "write" && path.Contains("data/part-00001", StringComparison.Ordinal)) };
        var (first, second) = (new FakeWordScorer(), new FakeWordScorer());
        Assert.ThrowsExactly<AssertFailedException>(() => Run(Options(.2, .5), "again", format, scorer: first));
        fail = false;
        Run(Options(.2, .5), "again", format, scorer: second);
        Assert.AreNotEqual(0, second.Calls.Count);
        Assert.AreSequenceEqual(calls.Order(), first.Calls.Concat(second.Calls).Order());
        foreach (var kind in (string[])["data", "attempts"])
            Assert.AreSequenceEqual(Rows(kind, "whole").Select(Text), Rows(kind, "again").Select(Text));
    }

    [TestMethod]
    public void As_columns_the_row_keeps_its_chain_and_has_one_column_a_rate_with_null_where_none_passed()
    {
        Write(Chain);
        var totals = Run(Options(.02, .5) with { Layout = RateLayout.Columns });
        var row = Rows("data").Single();
        Assert.AreEqual((Chain, "shortened", "2"), (row["reasoning"], row["outcome"], row["attempts"]));
        Assert.AreEqual("null", row["short_2"]);
        Assert.IsLessThan(Words(Chain), Words(row["short_50"]));
        Assert.IsFalse(row.ContainsKey("rate"));
        Assert.AreSequenceEqual(["compress 0.02", "compress 0.5"], totals.Attempts.Keys);
        Assert.AreEqual((1L, 1L, 1L), (totals.RowsOut, totals.Attempts["compress 0.5"].Passed, totals.Attempts["compress 0.02"].Rows));
    }

    [TestMethod]
    public void As_columns_a_row_of_which_no_rate_passed_stays_with_nulls_or_is_dropped()
    {
        Write(Protected);
        Run(Options(.5, .6) with { Layout = RateLayout.Columns });
        var row = Rows("data").Single();
        Assert.AreEqual((Protected, "original", "null", "null"), (row["reasoning"], row["outcome"], row["short_50"], row["short_60"]));
        var totals = Run(Options(.5, .6) with { Layout = RateLayout.Columns, Fallback = ShorteningFallback.Drop }, "dropped");
        Assert.AreEqual(1, totals.Dropped[ChainGate.NotShorter]);
    }

    [TestMethod]
    public void Columns_of_rates_are_what_the_conditioned_format_reads()
    {
        Write(Chain);
        Run(Options(.5, .6) with { Layout = RateLayout.Columns }, next: sets => sets.FormatConditioned(
            new() { ShortColumn = "short_50", LevelColumns = ["short_50", "short_60"] }));
        Assert.AreSequenceEqual(["long", "short", "level_1", "level_2"], Rows("data").Select(row => row["condition"]));
    }

    [TestMethod]
    [DataRow(new double[0], RateLayout.Rows, ShorteningFallback.Drop, "needs rates")]
    [DataRow(new[] { .5, 1 }, RateLayout.Rows, ShorteningFallback.Drop, "a rate is 1")]
    [DataRow(new[] { .5, .5 }, RateLayout.Rows, ShorteningFallback.Drop, "listed twice")]
    [DataRow(new[] { .3, .5, .501 }, RateLayout.Columns, ShorteningFallback.Drop, "two rates for the column short_50")]
    [DataRow(new[] { .5 }, RateLayout.Columns, ShorteningFallback.Prune, "prune has no place with layout columns")]
    public void Options_that_make_no_sense_are_refused(double[] rates, RateLayout layout, ShorteningFallback fallback, string message) =>
        Assert.Contains(message, Throws(ErrorCode.Configuration, () => ML.TrainingSets().CompressChainOfThought(
            _scorer, new() { Rates = rates, Layout = layout, Fallback = fallback })).Message);

    private static ChainCompressionOptions Options(params double[] rates) => new() { Rates = rates, Concurrency = 3 };

    private void Write(params string[] chains) => File.WriteAllLines(Input, chains.Select((reasoning, i) => JsonSerializer.Serialize(new
    {
        id = $"r{i}",
        question = "Ann has 12 apples and buys 30 more. How many has she?",
        reasoning,
        answer = "42",
    })));

    private RunTotals Run(ChainCompressionOptions options, string output = "out", JsonShardFormat? format = null, IWordScorer? scorer = null,
        ChainTools? tools = null, Func<TrainingSetsCatalog, IEstimator<ITransformer>>? next = null)
    {
        var run = new PipelineRun();
        var sets = ML.TrainingSets(run);
        var chain = new EstimatorChain<ITransformer>().Append<ITransformer>(
            sets.CompressChainOfThought(new JournalingWordScorer(scorer ?? _scorer, run.Journal, Model), options, tools));
        return run.Execute(new()
        {
            Options = [],
            Source = ML.Data.LoadFromJsonLines(Input, new() { Rejects = run.Rejects }),
            InputFiles = [Input],
            Chain = next is null ? chain : chain.Append(next(sets)),
            Models = new Dictionary<string, string> { ["scorer"] = Model.Fingerprint },
            Store = new LocalRunStore(Path.Combine(Folder, output)),
            Format = format ?? Format,
            ShardRows = 4,
        });
    }

    private static int Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;

    private static string Text(Dictionary<string, string> row) => string.Join('|', row.OrderBy(cell => cell.Key, StringComparer.Ordinal));

    // All rows of a kind of shard, as text.
    private List<Dictionary<string, string>> Rows(string kind, string output = "out")
    {
        var view = Format.Read(new RunFolder(Path.Combine(Folder, output)).Files(kind, Format.Extension));
        using var cursor = view.GetRowCursor(view.Schema);
        var cells = view.Schema.Where(column => !Nulls.IsCompanion(column))
            .Select(column => (column.Name, Read: Columns.TextOrEmpty(cursor, column), IsNull: IsNull(cursor, column))).ToArray();
        var rows = new List<Dictionary<string, string>>();
        while (cursor.MoveNext())
            rows.Add(cells.ToDictionary(cell => cell.Name, cell => cell.IsNull() ? "null" : cell.Read(), StringComparer.Ordinal));
        return rows;
    }

    private static Func<bool> IsNull(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is not TextDataViewType || Nulls.CompanionOf(row.Schema, column) is not { } companion) return () => false;
        var getter = row.GetGetter<bool>(companion);
        var isNull = false;
        return () =>
        {
            getter(ref isNull);
            return isNull;
        };
    }
}
