using FsCheck;
using FsCheck.Fluent;
using ML.Pipelines.Compression;
using ML.Pipelines.Models;

namespace ML.Pipelines.Tests.Compression;

[TestClass]
public class WordSelectionTests
{
    private static readonly Gen<string> Word = Gen.Elements(
        "duck", "eggs", "5", "+", "=", "not", "$a", "b$", @"\frac{a", "b}", "é😀", "well-known", "isn’t", "\ud83d", "`x", "y`");

    private static readonly Gen<string> Gap = Gen.Elements(" ", "  ", "\n", "\r\n\r\n", "\t", "\u00a0");

    private static readonly Gen<Case> Cases =
        from words in Word.ArrayOf()
        from gaps in Gap.ArrayOf(words.Length + 1)
        from values in Gen.Choose(-3, 3).ArrayOf(200)
        from rate in Gen.Choose(0, 100)
        select new Case(gaps[0] + string.Concat(words.Zip(gaps.Skip(1), (word, gap) => word + gap)), values, rate / 100.0);

    [TestMethod]
    public void Kept_words_are_a_subsequence_and_no_other_words_arise() => Check(test =>
        Words(test.Text).SequenceEqual(test.Words.Where((_, i) => test.Keep[i]).Select(word => word.Span.In(test.Chain).ToString())));

    [TestMethod]
    public void Protected_words_stay_and_neighbours_keep_what_is_between_them() => Check(test =>
    {
        var runs = Runs(test.Words.Select(word => word.IsProtected).ToArray());
        return runs.All(run => test.Text.Contains(
            test.Chain[test.Words[run.First].Span.Start..test.Words[run.Last].Span.End], StringComparison.Ordinal));
    });

    [TestMethod]
    public void The_rate_is_the_nearest_whole_number_of_words_unless_more_are_protected() => Check(test =>
    {
        var (kept, held) = (test.Keep.Count(keep => keep), test.Words.Count(word => word.IsProtected));
        var asked = (1 - test.Rate) * test.Words.Count;
        return held > asked + .5 ? kept == held : Math.Abs(kept - asked) <= .5 + 1e-9;
    });

    [TestMethod]
    public void No_dropped_word_is_worth_more_than_a_kept_one_that_could_have_gone() => Check(test =>
    {
        var open = Enumerable.Range(0, test.Words.Count).Where(i => !test.Words[i].IsProtected).ToArray();
        var dropped = open.Where(i => !test.Keep[i]).Select(i => test.Values[i]).DefaultIfEmpty(int.MinValue).Max();
        return open.Where(i => test.Keep[i]).All(i => test.Values[i] >= dropped);
    });

    [TestMethod]
    public void With_all_words_kept_the_text_is_the_chain() => Check(test =>
        WordSelection.Text(test.Chain, test.Words, WordSelection.Keep(test.Words, test.Numbers, 0)) == test.Chain);

    [TestMethod]
    public void Over_dropped_words_the_gap_with_the_most_line_breaks_stays()
    {
        const string Chain = " One  two\nthree\n\nfour five ";
        var words = ProtectedWords.Of(Chain.Replace("One", "Our", StringComparison.Ordinal));
        Assert.AreEqual(" One\n\nfour five ", WordSelection.Text(Chain, words, [true, false, false, true, true]));
        Assert.AreEqual(" five ", WordSelection.Text(Chain, words, [false, false, false, false, true]));
        Assert.AreEqual(" One  two\nfive ", WordSelection.Text(Chain.Replace("\n\n", " ", StringComparison.Ordinal),
            ProtectedWords.Of(Chain.Replace("\n\n", " ", StringComparison.Ordinal)), [true, true, false, false, true]));
    }

    [TestMethod]
    public void A_words_self_information_is_the_sum_over_its_tokens()
    {
        const string Chain = "Ducks lay\n eggs";
        TokenScore[] tokens =
        [
            new(new(0, 2), -1), new(new(2, 5), -2), new(new(5, 9), -4), new(new(9, 10), -8), new(new(10, 13), -16), new(new(13, 15), -32),
        ];
        Assert.AreSequenceEqual([3.0, 4.0, 48.0], WordSelection.SelfInformation(Chain, ProtectedWords.Of(Chain), tokens));
    }

    [TestMethod]
    public void Segments_hold_no_protected_word_and_keep_to_their_limit()
    {
        var words = ProtectedWords.Of("a b c d 5 e f 6 g");
        double[] information = [1, 1, 1, 1, 9, 5, 5, 9, 1];
        Assert.AreEqual("0..1 1..2 2..3 3..4 5..6 6..7 8..9", Segments(7));
        Assert.AreEqual("0..2 2..4 5..7 8..9", Segments(6));
        Assert.AreEqual("0..4 5..7 8..9", Segments(3));
        Assert.AreEqual("0..4 5..7", Segments(2));
        Assert.AreEqual("5..7", Segments(1));

        string Segments(int limit) => string.Join(' ', WordSegments.Of(words, information, limit));
    }

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<(int First, int Last)> Runs(bool[] set)
    {
        for (var first = 0; first < set.Length; first++)
        {
            if (!set[first]) continue;
            var last = first;
            while (last + 1 < set.Length && set[last + 1]) last++;
            yield return (first, last);
            first = last;
        }
    }

    private static void Check(Func<Case, bool> property) =>
        Prop.ForAll(Cases.ToArbitrary(), property).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(60));

    private sealed record Case(string Chain, int[] Values, double Rate)
    {
        public IReadOnlyList<ChainWord> Words { get; } = ProtectedWords.Of(Chain);

        public double[] Numbers => [.. Values.Take(Words.Count).Select(value => (double)value)];

        public bool[] Keep => WordSelection.Keep(Words, Numbers, Rate);

        public string Text => WordSelection.Text(Chain, Words, Keep);
    }
}
