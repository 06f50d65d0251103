using FsCheck;
using FsCheck.Fluent;
using ML.Pipelines.Formatting;
using ML.Pipelines.Tests.Data;

namespace ML.Pipelines.Tests.Formatting;

[TestClass]
public sealed class MixChainTests : FileTest
{
    private static readonly Gen<ChainSample> Sample =
        from tokens in Gen.Choose(1, 20)
        from correct in Gen.Elements(true, true, false)
        select new ChainSample($"chain of {tokens}", tokens, correct);

    [TestMethod]
    public void The_longest_chain_has_beta_0_and_the_shortest_beta_1()
    {
        var rows = MixChain.Of([new("a", 2796, true), new("b", 4972, true), new("c", 3867, true), new("d", 3107, true)]);
        Assert.AreEqual("b c d a", string.Join(' ', rows.Select(row => row.Chain.Text)));
        Assert.AreEqual((0.0, 1.0), (rows[0].Beta, rows[^1].Beta));
        Assert.AreEqual(1 - (3867 - 2796) / (4972 - 2796.0), rows[1].Beta, 1e-12);
        Assert.AreSequenceEqual([(1, 4), (2, 4), (3, 4), (4, 4)], rows.Select(row => (row.Stage, row.Stages)));
    }

    [TestMethod]
    public void Wrong_chains_are_left_out() =>
        Assert.AreSequenceEqual(
            ["b", "a"], MixChain.Of([new("a", 1, true), new("x", 0, false), new("b", 2, true)]).Select(row => row.Chain.Text));

    [TestMethod]
    public void Betas_rise_from_0_to_1_over_the_correct_chains() => Prop.ForAll(Sample.ArrayOf().ToArbitrary(), samples =>
    {
        var rows = MixChain.Of(samples);
        var lengths = samples.Where(sample => sample.IsCorrect).Select(sample => sample.Tokens).Distinct().Count();
        if (lengths < 2) return rows.Count == 0;
        return rows.Count == samples.Count(sample => sample.IsCorrect) && rows[0].Beta == 0 && rows[^1].Beta == 1
            && rows.Zip(rows.Skip(1)).All(pair =>
                pair.First.Beta <= pair.Second.Beta && pair.First.Chain.Tokens >= pair.Second.Chain.Tokens);
    }).QuickCheckThrowOnFailure();

    [TestMethod]
    public void A_row_becomes_a_row_a_correct_chain_and_its_lists_go()
    {
        var data = Load("""{"id":"r","answer":"5","other":1,"chains":["so the answer is 5","The answer is 5","the answer is 6"," "]}""");
        var view = ML.TrainingSets(Rejects).FormatMixChain("chain").Fit(data).Transform(data);
        Assert.AreSequenceEqual(
            ["'r', '5', 1, 'so the answer is 5', 5, 0, 1, 2", "'r', '5', 1, 'The answer is 5', 4, 1, 2, 2"], RowText.Of(view));
    }

    [TestMethod]
    public void Lengths_and_correctness_can_be_columns()
    {
        var data = Load("""{"chains":["a","b","c"],"n":[5,9,7],"ok":[true,true,false]}""");
        var options = new MixChainOptions { Chains = new() { Chains = "chains", Tokens = "n", Correct = "ok" } };
        var view = ML.TrainingSets(Rejects).FormatMixChain("chain", options).Fit(data).Transform(data);
        Assert.AreSequenceEqual(["'b', 9, 0, 1, 2", "'a', 5, 1, 2, 2"], RowText.Of(view));
    }

    [TestMethod]
    public void Rows_without_two_lengths_are_dropped_and_lists_of_other_lengths_quarantined()
    {
        var data = Load("""{"chains":["a","b"],"n":[5,9],"ok":[true,false]}""", """{"chains":["a","b"],"n":[5,5],"ok":[true,true]}""",
            """{"chains":["a","b"],"n":[5],"ok":[true,true]}""");
        var options = new MixChainOptions { Chains = new() { Chains = "chains", Tokens = "n", Correct = "ok" } };
        Assert.IsEmpty(RowText.Of(ML.TrainingSets(Rejects).FormatMixChain("chain", options).Fit(data).Transform(data)));
        Assert.AreSequenceEqual(["fewer-than-two-correct-chains", "one-length"], Rejects.DroppedRows.Select(row => row.Reason));
        Assert.AreSequenceEqual([ErrorCode.TypeMismatch], Rejects.Codes);
    }

    [TestMethod]
    public void A_missing_list_is_named_with_its_option()
    {
        var data = Load("""{"other":1}""");
        var fault = Throws(ErrorCode.MissingColumn, () => ML.TrainingSets().FormatMixChain("chain").Fit(data).Transform(data));
        Assert.StartsWith("Column 'chains' (chainsColumn) is not there.", fault.Message);
    }
}
