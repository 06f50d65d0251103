using FsCheck;
using FsCheck.Fluent;
using ML.Pipelines.Filtering;

namespace ML.Pipelines.Tests.Filtering;

[TestClass]
public class SimilarityTests
{
    // Edits of a few texts, so that similar pairs are frequent.
    private static readonly Gen<string> Text =
        from seed in Gen.Choose(0, 2)
        from length in Gen.Choose(0, 150)
        from edits in Gen.Choose(0, 6)
        from randomSeed in Gen.Choose(0, int.MaxValue)
        select Edited(seed, length, edits, new Random(randomSeed));

    [TestMethod]
    public void The_bit_parallel_subsequence_is_the_one_of_dynamic_programming() => Prop.ForAll(
        Text.ToArbitrary(), Text.ToArbitrary(), (a, b) => new SimilarityText(a).Subsequence(new(b)) == Subsequence(a, b))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [TestMethod]
    [DataRow(95)]
    [DataRow(80)]
    [DataRow(100)]
    [DataRow(3)]
    public void Similar_is_exactly_what_reaches_the_ratio(int threshold) => Prop.ForAll(Text.ToArbitrary(), Text.ToArbitrary(), (a, b) =>
        new SimilarityText(a).IsSimilar(new(b), threshold) == Reaches(a, b, threshold)).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [TestMethod]
    [DataRow(95)]
    [DataRow(80)]
    [DataRow(50)]
    public void The_first_similar_text_is_that_of_a_comparison_with_all(int threshold) =>
        Prop.ForAll(Text.ArrayOf().ToArbitrary(), Text.ToArbitrary(), (texts, text) =>
        {
            var index = new SimilarityIndex(threshold);
            foreach (var other in texts) index.Add(new(other));
            var expected = Array.FindIndex(texts, other => Reaches(text, other, threshold));
            return (index.FirstSimilar(new(text)) ?? -1) == expected;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithEndSize(40));

    [TestMethod]
    [DataRow("", "", 100)]
    [DataRow("a", "", 0)]
    [DataRow("abcd", "abcd", 100)]
    [DataRow("abcd", "abxd", 75)]
    [DataRow("this is a test", "this is a test!", 96.55172413793103)]
    [DataRow("🦆🦆🦆🦆", "🦆🦆🦆x", 75)]
    public void The_ratio_is_the_normalised_indel_ratio(string a, string b, double expected) =>
        Assert.AreEqual(expected, FuzzyFilters.Ratio(a, b), 1e-9);

    [TestMethod]
    [DataRow(95)]
    [DataRow(80)]
    [DataRow(50)]
    [DataRow(7)]
    public void A_text_and_its_shortest_or_longest_similar_part_find_each_other_at_any_length(int threshold)
    {
        for (var length = 1; length <= 300; length++)
        {
            var least = (threshold * length + 199 - threshold) / (200 - threshold);
            var (text, part) = (new SimilarityText(new('a', length)), new SimilarityText(new('a', least)));
            var (texts, parts) = (new SimilarityIndex(threshold), new SimilarityIndex(threshold));
            texts.Add(text);
            parts.Add(part);
            Assert.AreEqual(0, parts.FirstSimilar(text), $"{least} of {length}");
            Assert.AreEqual(0, texts.FirstSimilar(part), $"{length} for {least}");
        }
    }

    [TestMethod]
    public void A_pair_of_exactly_the_ratio_is_similar_and_one_just_below_is_not()
    {
        var text = new string('a', 19);
        Assert.IsTrue(new SimilarityText(text + "b").IsSimilar(new(text + "c"), 95));
        Assert.IsFalse(new SimilarityText(text + "b").IsSimilar(new(text + "c"), 95.01m));
    }

    private static bool Reaches(string a, string b, int threshold) =>
        a.Length + b.Length == 0 || 200 * Subsequence(a, b) >= threshold * (a.Length + b.Length);

    private static int Subsequence(string a, string b)
    {
        var previous = new int[b.Length + 1];
        foreach (var character in a)
        {
            var current = new int[b.Length + 1];
            for (var i = 1; i <= b.Length; i++)
                current[i] = character == b[i - 1] ? previous[i - 1] + 1 : Math.Max(previous[i], current[i - 1]);
            previous = current;
        }
        return previous[^1];
    }

    private static string Edited(int seed, int length, int edits, Random random)
    {
        var source = new Random(seed);
        var text = Enumerable.Range(0, length).Select(_ => (char)('a' + source.Next(6))).ToList();
        for (var i = 0; i < edits && text.Count > 0; i++)
        {
            var at = random.Next(text.Count);
            if (random.Next(2) == 0) text.RemoveAt(at);
            else text.Insert(at, (char)('a' + random.Next(6)));
        }
        return new string([.. text]);
    }
}
