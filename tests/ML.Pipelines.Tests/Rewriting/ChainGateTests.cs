using ML.Pipelines.Rewriting;
using ML.Pipelines.Teachers;

namespace ML.Pipelines.Tests.Rewriting;

[TestClass]
public sealed class ChainGateTests
{
    private const string Question = "Ann has 12 apples and buys 30 more. How many has she?";
    private const string Chain = "Let me think. She has 12. She buys 30. So 12 + 30 = 42. Wait, check: 42 - 30 = 12. Yes. The answer is 42.";

    private static readonly PromptTemplate Prompt =
        PromptTemplate.Parse("[system]\nKeep every number and every deduction that the answer rests on, always.\n[user]\n{{question}}\n{{reasoning}}", "p");

    [TestMethod]
    [DataRow("12 + 30 = 42.", null)]
    [DataRow("12 + 30, so the answer is 42.0", null)]
    [DataRow("12 + 30 = 43. The answer is 43.", ChainGate.AnswerChanged)]
    [DataRow("12 and 30 are to be added.", ChainGate.NoAnswer)]
    [DataRow("12 + 30 is 42, and 42 - 2 = 40.", ChainGate.NoAnswer)]
    [DataRow("The answer is 42.", ChainGate.LostNumbers)]
    [DataRow("12 30 Keep every number and every deduction that the answer rests on, 42.", ChainGate.CopiesPrompt)]
    [DataRow("У Анны 12 яблок, она покупает ещё 30 яблок. Всего 42", ChainGate.OtherLanguage)]
    public void A_chain_passes_or_fails_by_the_gate_that_it_should(string chain, string? verdict) => Assert.AreEqual(verdict, Check(new(chain)));

    [TestMethod]
    public void A_chain_that_is_not_shorter_by_the_asked_share_fails() => Assert.AreEqual(ChainGate.NotShorter, Check(new(Chain)));

    [TestMethod]
    [DataRow("42", null)]
    [DataRow("She has \\boxed{42} apples.", null)]
    [DataRow("She has 42 apples.", null)]
    [DataRow("She has \\boxed{41} apples.", ChainGate.AnswerChanged)]
    [DataRow("She has 41 apples.", ChainGate.AnswerChanged)]
    [DataRow("30 apples are bought.\nShe has 42 apples.", null)]
    [DataRow("12 + 30 = 42 apples.\nBut 2 are bad, so she has 40 apples in the end, and that is what counts here.", ChainGate.NoAnswer)]
    public void The_solution_decides_where_there_is_one(string solution, string? verdict) =>
        Assert.AreEqual(verdict, Check(new("12 + 30 = 42.", solution)));

    [TestMethod]
    public void Without_a_chain_nothing_needs_to_be_shorter() =>
        Assert.IsNull(Gate().Check(new("r", Question, "", "42", null, null, true), "42", new("12 + 30 = 42."), 0, 5));

    [TestMethod]
    public void Of_the_numbers_of_the_question_only_those_that_the_chain_uses_are_needed() => Assert.AreEqual(0.5,
        ChainGate.NumbersKept(new("r", "In 1999, 1,200 or 30?", "1200 and 30", "1", null, null, true), "It is 1200."));

    private static string? Check(ShortChain chain) => Gate().Check(new("r", Question, Chain, "42", null, null, true), "42", chain,
        Words(Chain), Words(chain.Reasoning))?.Verdict;

    private static ChainGate Gate() => new(new(), Prompt);

    private static int Words(string text) => text.Split(' ').Length;
}
