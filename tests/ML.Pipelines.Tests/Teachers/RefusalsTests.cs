using ML.Pipelines.Teachers;

namespace ML.Pipelines.Tests.Teachers;

[TestClass]
public sealed class RefusalsTests
{
    [TestMethod]
    [DataRow("I'm sorry, but I can't assist with that.")]
    [DataRow("I’m sorry, but I can’t help with that request.")]
    [DataRow("I am sorry, I cannot provide that.")]
    [DataRow("Sorry, but as an AI language model, I cannot create this.")]
    [DataRow("I can't assist with that.")]
    [DataRow("I cannot comply with this request.")]
    [DataRow("I'm unable to help with that request.")]
    [DataRow("I must decline to answer.")]
    [DataRow("As a language model developed by someone, I cannot browse the internet.")]
    [DataRow("  Unfortunately, I am unable to provide this.\n")]
    [DataRow("抱歉，我无法提供这方面的帮助。")]
    [DataRow("很抱歉，作为一个AI语言模型，我不能回答这个问题。")]
    public void A_short_reply_that_opens_with_a_refusal_is_one(string text) => Assert.IsTrue(Refusals.IsRefusal(text));

    [TestMethod]
    [DataRow("The answer is 42.")]
    [DataRow("I'm sorry, I made a slip above: 6 times 7 is 42.")]
    [DataRow("I cannot factor this further, so x = 3.")]
    [DataRow("We can't divide by zero, hence there is no solution.")]
    [DataRow("Sorry for the confusion. The sum is 12.")]
    [DataRow("Unfortunately, no integer satisfies the equation.")]
    [DataRow("The character says: \"I'm sorry, but I can't help.\" What does it mean? Sadness.")]
    [DataRow("I can't help but notice that both sides are even.")]
    [DataRow("As an AI researcher she cannot ignore the result.")]
    [DataRow("")]
    public void An_answer_is_no_refusal(string text) => Assert.IsFalse(Refusals.IsRefusal(text));

    [TestMethod]
    public void A_long_reply_went_on_to_answer()
    {
        Assert.IsFalse(Refusals.IsRefusal("I'm sorry, but I can't assist with that. " + new string('x', 400)));
    }
}
