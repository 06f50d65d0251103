using FsCheck;
using FsCheck.Fluent;
using ML.Pipelines.Compression;
using ML.Pipelines.Tests.Training;

namespace ML.Pipelines.Tests.Compression;

/// <summary>C3oT_Adapt over a stub of trainer and predictor.</summary>
[TestClass]
public sealed class RateSelectionTests
{
    private static readonly RateSelectionOptions Options =
        new() { Rates = [new(.5, "s50"), new(.8, "s80")], Folds = 2, Repeats = 2, Seed = 7 };

    [TestMethod]
    public async Task Rates_are_tried_from_the_highest_down_with_a_training_a_fold_and_a_new_seed_a_repeat()
    {
        var stub = new StubTrainer((task, _) => StubTrainer.IsOf(task, "0.5"));
        await Select(stub, Options, Rows(5));
        Assert.AreSequenceEqual(["0.8 7", "0.8 7", "0.8 8", "0.8 8", "0.5 7", "0.5 7", "0.5 8", "0.5 8"],
            stub.Trainings.Select(task => $"{(StubTrainer.IsOf(task, "0.8") ? "0.8" : "0.5")} {task.Seed}"));
    }

    [TestMethod]
    public async Task In_each_repeat_every_open_row_is_held_out_once_by_a_model_of_all_the_others()
    {
        var stub = new StubTrainer((_, _) => false);
        var rows = Rows(7);
        await Select(stub, Options with { Folds = 3 }, rows);
        var all = rows.Select(row => row.Question).Order().ToArray();
        foreach (var repeat in stub.Asked.Zip(stub.Trainings).Chunk(3))
        {
            Assert.AreSequenceEqual(all, repeat.SelectMany(fold => fold.First).Order());
            foreach (var (held, task) in repeat) Assert.AreSequenceEqual(all, held.Concat(StubTrainer.Known(task)).Order());
        }
        Assert.HasCount(12, stub.Trainings);
    }

    [TestMethod]
    public async Task A_row_stays_at_the_first_rate_that_is_predicted_and_is_no_longer_open_below()
    {
        var stub = new StubTrainer((task, question) => question switch
        {
            "q0" => true,
            "q1" => task.Seed == 8,
            "q2" => StubTrainer.IsOf(task, "0.5"),
            _ => false,
        });
        var rows = Rows(5);
        var decisions = await Select(stub, Options, rows);
        Assert.AreSequenceEqual(
            ["predicted 0.8 2 2", "predicted 0.8 1 2", "predicted 0.5 2 2", "lowest 0.5 0 2", "lowest 0.5 0 2"], Lines(decisions, rows));
        var below = stub.Trainings.Zip(stub.Asked).Where(fold => StubTrainer.IsOf(fold.First, "0.5"));
        foreach (var (task, held) in below) Assert.AreSequenceEqual(["q2", "q3", "q4"], StubTrainer.Known(task).Concat(held).Order());
    }

    [TestMethod]
    public async Task As_many_correct_predictions_as_needed_decide()
    {
        var stub = new StubTrainer((task, _) => task.Seed == 8);
        var rows = Rows(4);
        Assert.AreEqual("predicted 0.8 1 2", Lines(await Select(stub, Options, rows), rows)[0]);
        Assert.AreEqual("lowest 0.5 1 2", Lines(await Select(stub, Options with { Needed = 2 }, rows), rows)[0]);
    }

    [TestMethod]
    public async Task A_row_without_a_chain_at_a_rate_is_neither_trained_on_nor_asked_there()
    {
        var stub = new StubTrainer((_, _) => false);
        RateRow[] rows = [Row("q0", null, "0.5 a"), Row("q1", "0.8 b", null), Row("q2", "0.8 c", "0.5 c"), Row("q3", null, null)];
        var decisions = await Select(stub, Options, rows);
        Assert.AreSequenceEqual(["lowest 0.5 0 2", "lowest 0.8 0 2", "lowest 0.5 0 2", "none  0 0"], Lines(decisions, rows));
        Assert.IsTrue(stub.Trainings.All(task => StubTrainer.IsOf(task, "0.8") || StubTrainer.IsOf(task, "0.5")));
        Assert.DoesNotContain("q3", stub.Asked.SelectMany(asked => asked));
    }

    [TestMethod]
    public async Task A_row_without_question_or_answer_is_not_predicted_and_takes_its_lowest_rate()
    {
        var stub = new StubTrainer((_, _) => true);
        RateRow[] rows = [new("a", " ", StubTrainer.Answer, ["0.8 x", "0.5 x"]), new("b", "q1", "", ["0.8 y", null]), .. Rows(2)];
        Assert.AreSequenceEqual(["unchecked 0.5 0 0", "unchecked 0.8 0 0", "predicted 0.8 2 2", "predicted 0.8 2 2"],
            Lines(await Select(stub, Options, rows), rows));
    }

    [TestMethod]
    public async Task With_fewer_rows_than_folds_there_are_as_many_folds_as_rows_and_a_single_row_is_not_predicted()
    {
        var stub = new StubTrainer((_, _) => false);
        await Select(stub, Options with { Folds = 5, Repeats = 1 }, Rows(3));
        Assert.HasCount(6, stub.Trainings);
        var none = new StubTrainer((_, _) => true);
        Assert.AreSequenceEqual(["unchecked 0.5 0 0"], Lines(await Select(none, Options, Rows(1)), Rows(1)));
        Assert.IsEmpty(none.Trainings);
        Assert.IsEmpty(await Select(none, Options, []));
    }

    [TestMethod]
    public async Task Equal_rows_are_one_so_that_no_model_is_asked_what_it_saw()
    {
        var stub = new StubTrainer((_, _) => false);
        await Select(stub, Options, [.. Rows(4), .. Rows(4).Select(row => row with { Id = "again " + row.Id })]);
        foreach (var (task, held) in stub.Trainings.Zip(stub.Asked)) Assert.IsEmpty(StubTrainer.Known(task).Intersect(held));
    }

    [TestMethod]
    public void The_order_of_rows_changes_neither_trainings_nor_decisions()
    {
        var rows = Rows(9);
        var expected = Trace(rows);
        Prop.ForAll(Gen.Choose(1, int.MaxValue).ToArbitrary(), seed =>
        {
            var shuffled = rows.ToArray();
            new Random(seed).Shuffle(shuffled);
            return Trace(shuffled) == expected;
        }).Check(Config.QuickThrowOnFailure);

        // Which rows are solved depends on what each training saw.
        static string Trace(RateRow[] rows)
        {
            var stub = new StubTrainer((task, question) => (task.Rows[0].Instruction.Length + question[^1] + task.Seed) % 3 == 0);
            var decisions = Select(stub, Options, rows).GetAwaiter().GetResult();
            var trainings = stub.Trainings.Select(task => string.Join(' ', StubTrainer.Known(task)));
            return string.Join('\n', [.. trainings, .. decisions.Select(decision => $"{decision.Key} {decision.Value}")]);
        }
    }

    [TestMethod]
    public void A_decision_reads_back_from_its_line() => Prop.ForAll(
        (from source in Gen.Elements(RateSource.Predicted, RateSource.Lowest, RateSource.Unchecked)
         from rate in Gen.Choose(1, 9999)
         from correct in Gen.Choose(0, 9)
         select new RateDecision(source, rate / 10_000.0, correct, 9)).ToArbitrary(),
        decision => RateDecision.Parse(decision.ToString()) == decision).Check(Config.QuickThrowOnFailure);

    [TestMethod]
    [DataRow(1.0, 5, 3, 1, "a rate is 1; it must be above 0 and below 1")]
    [DataRow(.5, 1, 3, 1, "folds is 1")]
    [DataRow(.5, 5, 0, 1, "repeats is 0")]
    [DataRow(.5, 5, 3, 4, "needed is 4; it must be from 1 to repeats, 3")]
    [DataRow(.8, 5, 3, 1, "a rate is listed twice")]
    public void An_option_out_of_range_is_told(double rate, int folds, int repeats, int needed, string message)
    {
        RateColumn[] rates = [new(.8, "a"), new(rate, "b")];
        var options = new RateSelectionOptions { Rates = rates, Folds = folds, Repeats = repeats, Needed = needed };
        var fault = Assert.ThrowsExactly<PipelineException>(options.Validate);
        Assert.AreEqual(ErrorCode.Configuration, fault.Code);
        Assert.Contains(message, fault.Message);
    }

    private static Task<SortedDictionary<string, RateDecision>> Select(
        StubTrainer stub, RateSelectionOptions options, IEnumerable<RateRow> rows) =>
        new RateSelection(stub, stub, options, null).RunAsync(rows, CancellationToken.None);

    private static string[] Lines(SortedDictionary<string, RateDecision> decisions, IEnumerable<RateRow> rows) =>
        [.. rows.Select(row => decisions[RateSelection.KeyOf(row)].ToString())];

    private static RateRow[] Rows(int count) => [.. Enumerable.Range(0, count).Select(i => Row($"q{i}", $"0.8 {i}", $"0.5 then {i}"))];

    private static RateRow Row(string question, params string?[] chains) => new(question, question, StubTrainer.Answer, chains);
}
