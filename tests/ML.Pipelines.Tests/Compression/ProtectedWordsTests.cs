using ML.Pipelines.Compression;
using ML.Pipelines.Text;

namespace ML.Pipelines.Tests.Compression;

[TestClass]
public class ProtectedWordsTests
{
    [TestMethod]
    [DataRow("5", WordProtection.Number)]
    [DataRow("$1,250.50", WordProtection.Number)]
    [DataRow("½", WordProtection.Number)]
    [DataRow("(3", WordProtection.Number)]
    [DataRow("x2", WordProtection.Number)]
    [DataRow("twenty-three,", WordProtection.Number)]
    [DataRow("Twice", WordProtection.Number)]
    [DataRow("+", WordProtection.Operator)]
    [DataRow("=", WordProtection.Operator)]
    [DataRow("a=b", WordProtection.Operator)]
    [DataRow("x-y", WordProtection.Operator)]
    [DataRow("n!", WordProtection.Operator)]
    [DataRow("x^n", WordProtection.Operator)]
    [DataRow("≤", WordProtection.Operator)]
    [DataRow("####", WordProtection.Operator)]
    [DataRow("minus", WordProtection.Operator)]
    [DataRow("not", WordProtection.Negation)]
    [DataRow("isn't", WordProtection.Negation)]
    [DataRow("don’t.", WordProtection.Negation)]
    [DataRow("(Never)", WordProtection.Negation)]
    [DataRow("non-zero", WordProtection.Number)]
    [DataRow("non-empty", WordProtection.Negation)]
    [DataRow(@"\alpha", WordProtection.Formula)]
    [DataRow("$x$", WordProtection.Formula)]
    [DataRow("`code`", WordProtection.Formula)]
    [DataRow("duck", WordProtection.None)]
    [DataRow("well-known", WordProtection.None)]
    [DataRow("and/or", WordProtection.None)]
    [DataRow("**Step**", WordProtection.None)]
    [DataRow("Stop!", WordProtection.None)]
    [DataRow("knot", WordProtection.None)]
    [DataRow("tone", WordProtection.None)]
    public void A_word_has_its_protection(string word, WordProtection expected) =>
        Assert.AreEqual(expected, ProtectedWords.Of($"the {word} is")[1].Protection);

    [TestMethod]
    public void All_words_of_a_formula_stay() =>
        AssertProtected(@"so $a b c$ and \[ d e \] or \frac{f g}{h i} here", @"$a b c$ \[ d e \] \frac{f g}{h i}");

    [TestMethod]
    public void A_command_whose_group_does_not_close_is_protected_alone() => AssertProtected(@"so \text{a b c", @"\text{a");

    [TestMethod]
    public void Every_occurrence_of_the_answer_stays() =>
        AssertProtected("The red fox saw a red fox, no: reddish fox.", "red fox red fox, no:", "red fox");

    [TestMethod]
    public void The_place_where_a_chain_states_its_answer_stays() =>
        AssertProtected("We think hard. The answer is blue whale.", "blue whale.", "sperm whale");

    [TestMethod]
    public void Words_that_a_given_span_touches_stay_whole()
    {
        const string Chain = "one small step for mankind";
        var words = ProtectedWords.Of(Chain, null, [new(6, 12)]);
        Assert.AreSequenceEqual(
            [WordProtection.Number, WordProtection.Given, WordProtection.Given, WordProtection.None, WordProtection.None],
            words.Select(word => word.Protection));
    }

    [TestMethod]
    public void An_empty_given_span_protects_nothing() =>
        Assert.IsFalse(ProtectedWords.Of("some words", null, [new(5, 5)]).Any(word => word.IsProtected));

    [TestMethod]
    public void Given_phrases_are_found_wherever_they_stand() => Assert.AreSequenceEqual(
        [new TextSpan(0, 3), new TextSpan(2, 5)], ProtectedWords.Occurrences("ababa a", ["aba", ""]));

    [TestMethod]
    [DataRow("")]
    [DataRow(" \n\t")]
    public void A_text_without_words_has_none(string text) => Assert.IsEmpty(ProtectedWords.Of(text, "5", [new(0, text.Length)]));

    private static void AssertProtected(string chain, string expected, string? answer = null) => Assert.AreEqual(
        expected,
        string.Join(' ', ProtectedWords.Of(chain, answer).Where(word => word.IsProtected).Select(word => word.Span.In(chain).ToString())));
}
