using ML.Pipelines.Traces;

namespace ML.Pipelines.Tests.Traces;

[TestClass]
public class MapExpressionTests
{
    private static MapExpression Parse(string text) => MapExpression.ParseAll(text, "Map[\"answer\"]").Single();

    [TestMethod]
    [DataRow("answer", "answer")]
    [DataRow("answer:whole", "answer")]
    [DataRow(" response : thought ", "response:thought")]
    [DataRow("messages.gpt:thought:answer", "messages.assistant:thought:answer")]
    [DataRow("conversations.human", "conversations.user")]
    [DataRow("generations:first:thought", "generations:first:thought")]
    [DataRow("meta.answer", "meta.answer")]
    public void An_expression_names_column_role_and_takes(string text, string canonical) => Assert.AreEqual(canonical, Parse(text).ToString());

    [TestMethod]
    public void A_dot_before_no_role_belongs_to_the_column() => Assert.AreEqual("meta.answer", Parse("meta.answer").Source.Column);

    [TestMethod]
    public void Bars_part_alternatives() => CollectionAssert.AreEqual(
        new[] { "answer", "messages.assistant:answer" },
        MapExpression.ParseAll("answer|messages.assistant:answer", "x").Select(expression => expression.ToString()).ToArray());

    [TestMethod]
    public void An_empty_text_is_no_expression() => Assert.IsEmpty(MapExpression.ParseAll(" ", "x"));

    [TestMethod]
    [DataRow("answer:last", "'last' is no take")]
    [DataRow("answer:thought:first", "'first' is no take")]
    [DataRow(":answer", "no column")]
    [DataRow("answer|", "no column")]
    public void A_wrong_expression_is_refused_with_its_option(string text, string why)
    {
        var fault = Assert.ThrowsExactly<PipelineException>(() => MapExpression.ParseAll(text, "Map[\"answer\"]"));
        Assert.AreEqual(ErrorCode.Configuration, fault.Code);
        Assert.Contains("Map[\"answer\"]", fault.Message);
        Assert.Contains(why, fault.Message);
    }
}
