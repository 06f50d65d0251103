using FsCheck;
using FsCheck.Fluent;
using ML.Pipelines.OnnxRuntime.Generation;

namespace ML.Pipelines.OnnxRuntime.Tests.Generation;

[TestClass]
public sealed class TokenSamplerTests
{
    private static readonly float[] Logits = [1, 3, -2, 2.5f, 0, float.NegativeInfinity];

    [TestMethod]
    public void Without_a_temperature_the_best_token_is_taken() =>
        Assert.AreEqual(1, new TokenSampler(SamplingOptions.Greedy, []).Choose(Logits));

    [TestMethod]
    public void Draws_have_the_softmax_of_the_logits_over_the_temperature()
    {
        const int Draws = 40_000;
        var sampler = new TokenSampler(new() { Temperature = 0.8f, Seed = 3 }, []);
        var counts = new int[Logits.Length];
        for (var i = 0; i < Draws; i++) counts[sampler.Choose(Logits)]++;
        var weights = Logits.Select(logit => Math.Exp(logit / 0.8)).ToArray();
        for (var id = 0; id < counts.Length; id++)
        {
            var share = weights[id] / weights.Sum();
            Assert.AreEqual(share, counts[id] / (double)Draws, 4.5 * Math.Sqrt(share * (1 - share) / Draws) + 1e-9, $"token {id}");
        }
    }

    [TestMethod]
    public void Draws_are_among_the_top_k() => Check.QuickThrowOnFailure(Prop.ForAll(Cases(), c =>
    {
        var k = 1 + (int)(c.Seed % 5);
        var token = new TokenSampler(new() { Temperature = 1, TopK = k, Seed = c.Seed }, []).Choose(c.Logits);
        return c.Logits.Count(logit => logit > c.Logits[token]) < k;
    }));

    [TestMethod]
    public void Draws_are_among_the_fewest_most_likely_tokens_of_mass_top_p() => Check.QuickThrowOnFailure(Prop.ForAll(Cases(), c =>
    {
        var p = 0.05 + 0.9 * (c.Seed % 97) / 97;
        var token = new TokenSampler(new() { Temperature = 1, TopP = (float)p, Seed = c.Seed }, []).Choose(c.Logits);
        var sum = c.Logits.Sum(logit => Math.Exp(logit));
        // The mass of what is more likely leaves the token needed, but for rounding.
        return c.Logits.Where(logit => logit > c.Logits[token]).Sum(logit => Math.Exp(logit)) / sum < p + 1e-5;
    }));

    [TestMethod]
    public void Every_token_of_the_nucleus_is_drawn_at_times()
    {
        // Masses .4, .3, .2, .1: a nucleus of .65 has the first two.
        float[] logits = [.. ((double[])[.4, .3, .2, .1]).Select(mass => (float)Math.Log(mass))];
        var drawn = Enumerable.Range(0, 200).Select(seed =>
            new TokenSampler(new() { Temperature = 1, TopP = 0.65f, Seed = (ulong)seed }, []).Choose(logits)).Distinct().Order().ToArray();
        CollectionAssert.AreEqual((int[])[0, 1], drawn);
    }

    [TestMethod]
    public void A_repetition_penalty_divides_positive_logits_of_seen_tokens_and_multiplies_negative_ones()
    {
        // With 2: token 0 falls from 3 to 1.5, below token 1's 2; and -1 to -2, below -1.5.
        Assert.AreEqual(1, new TokenSampler(new() { RepetitionPenalty = 2 }, [0]).Choose([3, 2]));
        Assert.AreEqual(1, new TokenSampler(new() { RepetitionPenalty = 2 }, [0]).Choose([-1, -1.5f]));
        Assert.AreEqual(0, new TokenSampler(new() { RepetitionPenalty = 1.4f }, [0]).Choose([3, 2]));
    }

    [TestMethod]
    public void Tokens_of_the_reply_count_as_seen()
    {
        var sampler = new TokenSampler(new() { RepetitionPenalty = 1e6f }, []);
        CollectionAssert.AreEqual((int[])[2, 1, 0], Enumerable.Range(0, 3).Select(_ => sampler.Choose([1, 2, 3])).ToArray());
    }

    [TestMethod]
    public void Seeds_tell_rows_and_seeds_apart()
    {
        (long Seed, string? Row)[] keys = [(1, null), (1, "a"), (1, "b"), (2, "a"), (-1, "a")];
        var seeds = keys.Select(key => SamplingOptions.SeedOf(key.Seed, key.Row)).ToArray();
        CollectionAssert.AllItemsAreUnique(seeds);
        Assert.AreEqual(SamplingOptions.SeedOf(1, "a"), seeds[1]);
    }

    [TestMethod]
    public void Logits_that_are_not_finite_are_a_fault()
    {
        var sampler = new TokenSampler(new() { Temperature = 1 }, []);
        Assert.AreEqual(ErrorCode.NotFinite, Assert.ThrowsExactly<PipelineException>(() => sampler.Choose([0, float.NaN])).Code);
    }

    private static Arbitrary<(float[] Logits, ulong Seed)> Cases() => ArbMap.Default.GeneratorFor<int>().Select(start =>
    {
        var random = new Random(start);
        return (Enumerable.Range(0, 1 + random.Next(40)).Select(_ => (float)(random.NextDouble() * 12 - 6)).ToArray(),
            (ulong)random.NextInt64());
    }).ToArbitrary();
}
