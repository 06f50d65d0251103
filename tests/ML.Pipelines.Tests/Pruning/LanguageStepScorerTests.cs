using ML.Pipelines.Pruning;

namespace ML.Pipelines.Tests.Pruning;

[TestClass]
public class LanguageStepScorerTests
{
    // Tokens: 1 of begin-of-text, 5 of the prefix, 4 + 3 + 3 + 3 of the context, 3 of the bridge, 1 of the answer.
    private static readonly PruningRow Row = Lines.Row("P: let x <1>", "V: check <-1>", "P: so on", "V: check <-2>", @"P: \boxed{42}");
    private const int Required = 23;

    [TestMethod]
    public async Task A_chain_that_just_fits_is_scored()
    {
        var pruned = await PruningStageTests.PruneAsync(Row, new() { Ratio = 1 }, new FakeScorer { ContextLength = Required });
        Assert.AreEqual("0:Kept: 1:Removed: 2:Kept: 3:Removed: 4:Kept:", PruningStageTests.Notes(pruned));
    }

    [TestMethod]
    public async Task A_chain_that_does_not_fit_is_quarantined()
    {
        var outcome = await PruningStageTests.OutcomeAsync(Row, new(), new FakeScorer { ContextLength = Required - 1 });
        Assert.AreEqual(ErrorCode.ContextOverflow, outcome.Error!.Code);
        Assert.Contains($"has {Required} tokens; the model takes {Required - 1}", outcome.Error.Message);
    }

    [TestMethod]
    [DataRow(Required - 1, 1)]
    [DataRow(Required - 4, 1)]
    [DataRow(Required - 5, 2)]
    [DataRow(Required - 7, 2)]
    [DataRow(Required - 8, 3)]
    [DataRow(Required - 13, 4)]
    public async Task Only_as_many_of_the_earliest_steps_as_must_be_are_left_out_of_the_context(int contextLength, int skipped)
    {
        using var scorer = new FakeScorer { ContextLength = contextLength };
        await PruningStageTests.PruneAsync(Row, Truncating, scorer);
        Assert.HasCount(4 - skipped, scorer.Requests[1].Segments);
    }

    [TestMethod]
    public async Task Truncated_steps_stay_unscored_and_say_so()
    {
        var pruned = await PruningStageTests.PruneAsync(Row, Truncating, new FakeScorer { ContextLength = Required - 5 });
        Assert.AreEqual("0:Kept: 1:Unscored:context-truncated 2:Kept: 3:Removed: 4:Kept:", PruningStageTests.Notes(pruned));
        Assert.IsNull(pruned.Steps[1].Importance);
        Assert.IsNull(pruned.Steps[1].Rank);
        Assert.AreEqual(1, pruned.Steps[3].Rank);
    }

    [TestMethod]
    public async Task A_question_that_does_not_fit_alone_is_quarantined_even_with_truncation()
    {
        var outcome = await PruningStageTests.OutcomeAsync(Row, Truncating, new FakeScorer { ContextLength = Required - 14 });
        Assert.AreEqual(ErrorCode.ContextOverflow, outcome.Error!.Code);
    }

    [TestMethod]
    public async Task A_token_out_of_range_quarantines_its_row()
    {
        var outcome = await PruningStageTests.OutcomeAsync(Lines.Row("P: a", $"V: {FakeScorer.OutOfRange}", "P: 42"), new());
        Assert.AreEqual(ErrorCode.TokenOutOfRange, outcome.Error!.Code);
    }

    [TestMethod]
    [DataRow(double.NaN)]
    [DataRow(double.NegativeInfinity)]
    public async Task A_log_probability_that_is_no_number_quarantines_its_row(double value)
    {
        var outcome = await PruningStageTests.OutcomeAsync(Row, new(), new FakeScorer { Distort = _ => value });
        Assert.AreEqual(ErrorCode.NotFinite, outcome.Error!.Code);
    }

    [TestMethod]
    public async Task Other_faults_of_the_model_stop_the_run()
    {
        var scorer = new FakeScorer { Asked = _ => throw new PipelineException(ErrorCode.DamagedModel, "gone") };
        var fault = await Assert.ThrowsExactlyAsync<PipelineException>(async () => await PruningStageTests.OutcomeAsync(Row, new(), scorer));
        Assert.AreEqual(ErrorCode.DamagedModel, fault.Code);
    }

    [TestMethod]
    public async Task A_chain_without_functional_steps_costs_no_model_call()
    {
        using var scorer = new FakeScorer();
        await PruningStageTests.PruneAsync(Lines.Row("P: a", "P: b", "P: 42"), new(), scorer);
        Assert.IsEmpty(scorer.Requests);
    }

    private static PruningOptions Truncating => new() { Ratio = 1, Overflow = OverflowPolicy.TruncateEarliest };
}
