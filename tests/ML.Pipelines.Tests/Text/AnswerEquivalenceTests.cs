using FsCheck;
using FsCheck.Fluent;
using ML.Pipelines.Text;

namespace ML.Pipelines.Tests.Text;

[TestClass]
public class AnswerEquivalenceTests
{
    [TestMethod]
    [DataRow("1,234", "1234")]
    [DataRow("1{,}234", "1234")]
    [DataRow(@"1\,234", "1234")]
    [DataRow("025", "25")]
    [DataRow("+5", "5")]
    [DataRow("−5", "-5")]
    [DataRow("0.5", "1/2")]
    [DataRow(".5", "0.50")]
    [DataRow("5.0", "5")]
    [DataRow(@"\frac{1}{2}", "1/2")]
    [DataRow(@"\dfrac12", "0.5")]
    [DataRow(@"\tfrac{2}{4}", "1/2")]
    [DataRow(@"-\frac{1}{2}", @"\frac{-1}{2}")]
    [DataRow("1 1/2", "3/2")]
    [DataRow(@"1\frac{1}{2}", "1.5")]
    [DataRow("1½", "1.5")]
    [DataRow("2^{10}", "1024")]
    [DataRow("1.5e3", "1500")]
    [DataRow(@"1.5 \times 10^{3}", "1500")]
    [DataRow(@"\sqrt{4}", "2")]
    [DataRow("25.", "25")]
    [DataRow("$25$", "25")]
    [DataRow("**25**", "25")]
    [DataRow(@"\boxed{25}", "25")]
    [DataRow("{25}", "25")]
    public void The_same_number_in_two_spellings_is_equal(string a, string b) => AreEqual(a, b);

    [TestMethod]
    [DataRow("50%", "50")]
    [DataRow(@"50\%", "50%")]
    [DataRow("50%", "0.5")]
    [DataRow("50 percent", "1/2")]
    public void Per_cent_equals_the_number_and_the_share(string a, string b) => AreEqual(a, b);

    [TestMethod]
    [DataRow(@"5\text{ cm}", "5")]
    [DataRow("5 cm", @"5\,\mathrm{cm}")]
    [DataRow(@"5\text{ cm}^2", "5 cm^{2}")]
    [DataRow(@"90^\circ", "90")]
    [DataRow(@"90^{\circ}", "90 degrees")]
    [DataRow("90°", @"90^\circ")]
    [DataRow("$5", "5")]
    [DataRow(@"\$1,000", "1000 dollars")]
    [DataRow("12 square units", "12")]
    [DataRow("3 km/h", "3")]
    [DataRow("5 m", "5")]
    [DataRow("x = 5 cm", "5")]
    public void A_unit_may_be_missing(string a, string b) => AreEqual(a, b);

    [TestMethod]
    [DataRow(@"x^2", "x^{2}")]
    [DataRow(@"\sqrt2", @"\sqrt{2}")]
    [DataRow(@"2\cdot\sqrt{3}", @"2\sqrt{3}")]
    [DataRow(@"\left(1,2\right)", "(1, 2)")]
    [DataRow(@"2\!\pi", @"2 \pi")]
    [DataRow(@"\frac{\pi}{2}", @"\pi/2")]
    [DataRow(@"\frac{\sqrt{3}}{3}", @"\frac{1}{3}\sqrt{3}")]
    [DataRow(@"1+\sqrt{2}", @"\sqrt{2} + 1")]
    [DataRow("2π", @"2\pi")]
    [DataRow("2pi", @"2\pi")]
    [DataRow("√2", @"\sqrt{2}")]
    public void The_same_formula_in_two_spellings_is_equal(string a, string b) => AreEqual(a, b);

    [TestMethod]
    [DataRow("x = 5", "5")]
    [DataRow("x=5", "x = 5")]
    [DataRow("(x,y)=(1,2)", "(1,2)")]
    [DataRow("x = 1 or x = 2", "1, 2")]
    [DataRow(@"x \in [1,2]", "[1,2]")]
    public void A_name_may_be_missing(string a, string b) => AreEqual(a, b);

    [TestMethod]
    [DataRow(@"\{1,2\}", @"\{2, 1\}")]
    [DataRow("1, 2", "2, 1")]
    [DataRow("1 and 2", "1,2")]
    [DataRow(@"\pm 2", "2, -2")]
    [DataRow("(1, 2)", "(1,2)")]
    [DataRow("(1/2, 3)", "(0.5, 3)")]
    [DataRow("(1, 2), (3, 4)", "(3,4),(1,2)")]
    [DataRow(@"(-\infty, 2]", "(-∞,2]")]
    [DataRow(@"(1,2)\cup(3,4)", "(3,4) ∪ (1,2)")]
    [DataRow("(1,000, 2)", "(1000, 2)")]
    public void The_same_collection_in_two_spellings_is_equal(string a, string b) => AreEqual(a, b);

    [TestMethod]
    [DataRow("(B)", "B")]
    [DataRow("B.", "B")]
    [DataRow(@"\text{B}", "b")]
    [DataRow(@"\textbf{(B)}", "B")]
    [DataRow("Yes", "yes.")]
    [DataRow("ice  cream", "Ice cream")]
    public void The_same_words_are_equal(string a, string b) => AreEqual(a, b);

    [TestMethod]
    [DataRow("25", "26")]
    [DataRow("0.333", "1/3")]
    [DataRow("5", "-5")]
    [DataRow("50%", "5000%")]
    [DataRow("50%", "5")]
    [DataRow("5 cm", "5 km")]
    [DataRow("(1,2)", "(2,1)")]
    [DataRow("(1,2)", "[1,2]")]
    [DataRow("(1,2)", "[1,2)")]
    [DataRow("(1,2)", @"\{1,2\}")]
    [DataRow(@"\{1,2\}", @"\{1,2,3\}")]
    [DataRow("(100,200)", "100200")]
    [DataRow("(100,200), (3,4)", "(100200), (3,4)")]
    [DataRow(@"(1,2)\cup(3,4)", "(1,2)")]
    [DataRow("x = 5", "y = 5")]
    [DataRow("A", "B")]
    [DataRow("listen", "silent")]
    [DataRow("hello world", "world hello")]
    [DataRow(@"\frac{1}{23}", @"\frac{12}{3}")]
    [DataRow("5x", "5")]
    [DataRow(@"\sqrt{2}", "2")]
    [DataRow(@"2\pi", "2")]
    [DataRow("2 sin x", "2")]
    [DataRow("7 million", "7")]
    [DataRow("10^999999999", "10^999999998")]
    [DataRow("1/0", "2/0")]
    [DataRow("", "0")]
    [DataRow(null, "0")]
    public void Different_answers_are_not_equal(string? a, string? b) =>
        Assert.IsFalse(AnswerEquivalence.AreEquivalent(a, b) || AnswerEquivalence.AreEquivalent(b, a));

    [TestMethod]
    [DataRow("10^999999999")]
    [DataRow("9^9^9^9")]
    [DataRow("0^{-1}")]
    [DataRow("1e999999999")]
    public void A_huge_power_takes_no_time(string answer) => Assert.IsFalse(AnswerEquivalence.AreEquivalent(answer, "5"));

    [TestMethod]
    [DataRow("(")]
    [DataRow("{")]
    [DataRow(@"\sqrt")]
    [DataRow(@"\frac")]
    [DataRow("-")]
    [DataRow("1+")]
    [DataRow("9")]
    [DataRow("(1,")]
    public void A_long_answer_takes_no_time(string unit)
    {
        foreach (int length in new[] { 900, 1900, 1_000_000 })
            Assert.IsFalse(AnswerEquivalence.AreEquivalent(string.Concat(Enumerable.Repeat(unit, length / unit.Length)), "5"));
    }

    [TestMethod]
    public void Equivalence_is_reflexive() => NastyText.Check(text => AnswerEquivalence.AreEquivalent(text, new string(text)));

    [TestMethod]
    public void Equivalence_is_symmetric()
    {
        Arbitrary<string[]> pairs = NastyText.Assembled.Generator.Resize(6).Two().Select(pair => new[] { pair.Item1, pair.Item2 })
            .ToArbitrary();
        FsCheck.Fluent.Prop.ForAll(pairs, IsSymmetric).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [TestMethod]
    public void Equivalence_of_answers_like_real_ones_is_symmetric()
    {
        string[] parts = ["1", "2", "0.5", "50", "%", "/", ",", " ", "(", ")", "x", "=", @"\{", @"\}", "[", "]", @"\frac12", "cm",
            @"\pm", "or ", "-", "$", "^"];
        Gen<string> answer = Gen.Elements(parts).ListOf().Select(list => string.Concat(list)).Resize(7);
        Arbitrary<string[]> pairs = answer.Two().Select(pair => new[] { pair.Item1, pair.Item2 }).ToArbitrary();
        FsCheck.Fluent.Prop.ForAll(pairs, IsSymmetric).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    private static bool IsSymmetric(string[] pair) =>
        AnswerEquivalence.AreEquivalent(pair[0], pair[1]) == AnswerEquivalence.AreEquivalent(pair[1], pair[0]);

    private static void AreEqual(string a, string b) =>
        Assert.IsTrue(AnswerEquivalence.AreEquivalent(a, b) && AnswerEquivalence.AreEquivalent(b, a), $"{a} and {b}");
}
