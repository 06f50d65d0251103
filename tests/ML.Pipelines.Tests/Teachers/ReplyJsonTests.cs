using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using ML.Pipelines.Teachers;

namespace ML.Pipelines.Tests.Teachers;

[TestClass]
public sealed class ReplyJsonTests
{
    private static readonly JsonElement Level = Parse("""{"type":"object","properties":{"level":{"type":"integer","minimum":1,"maximum":3}},"required":["level"]}""");

    [TestMethod]
    [DataRow("""{"level": 2}""")]
    [DataRow("```json\n{\"level\": 2}\n```")]
    [DataRow("Sure! Here it is:\n\n```\n{\"level\": 2,}\n```\nAnything else?")]
    [DataRow("The set {1, 2} is simple, so: {\"level\": 2, /* two */ \"why\": \"a {brace}\"}")]
    [DataRow("[1, 2] and then {\"other\": {\"level\": 2}} and {\"level\": 9} and {\"level\": 2.0}")]
    [DataRow("<think>Maybe {\"level\": 3}?</think>{\"level\": 2}")]
    [DataRow("{\"why\": \"two\nlines\tand a \\\" quote\", \"level\": 2}")]
    public void The_value_that_was_asked_for_is_found(string text)
    {
        var (value, fault) = ReplyJson.Find(text, Level);
        Assert.IsNotNull(value, fault);
        Assert.AreEqual(2, value.Value.GetProperty("level").GetDecimal());
    }

    [TestMethod]
    [DataRow("", "no JSON")]
    [DataRow("Level two.", "no JSON")]
    [DataRow("""{"level": 2, "why": "cut""", "end of data")]
    [DataRow("""{"level": "2"}""", "$.level must be of type integer")]
    [DataRow("""{"level": 7}""", "$.level must be at most 3")]
    [DataRow("""{"grade": 2}""", "lacks the property 'level'")]
    [DataRow("""{'level': 2}""", "invalid")]
    public void What_was_not_asked_for_is_refused_with_the_reason(string text, string reason)
    {
        var (value, fault) = ReplyJson.Find(text, Level);
        Assert.IsNull(value);
        Assert.Contains(reason, fault!);
    }

    [TestMethod]
    [DataRow("""{"type":"array","items":{"enum":["a","b"]},"minItems":1}""", """["a","b"]""", null)]
    [DataRow("""{"type":"array","items":{"enum":["a","b"]},"minItems":1}""", """["c"]""", "$[0] must be one of")]
    [DataRow("""{"type":"array","minItems":1}""", "[]", "fewer than 1")]
    [DataRow("""{"type":"array","maxItems":1}""", "[1,2]", "more than 1")]
    [DataRow("""{"type":["object","null"],"properties":{"a":{"const":1}}}""", """{"a":2}""", "$.a must be 1")]
    [DataRow("""{"anyOf":[{"type":"array"},{"required":["a"]}]}""", """{"a":2}""", null)]
    [DataRow("""{"anyOf":[{"type":"array"},{"required":["a"]}]}""", """{"b":2}""", "none of the forms")]
    [DataRow("""{"properties":{"a":{"type":"number"},"b":{"type":"boolean"},"c":{"type":"string"},"d":{"type":"null"}}}""", """{"a":1.5,"b":true,"c":"","d":null}""", null)]
    public void The_keywords_of_schemas_for_replies_are_checked(string schema, string value, string? reason)
    {
        var fault = JsonShape.Fault(Parse(value), Parse(schema));
        if (reason is null) Assert.IsNull(fault);
        else Assert.Contains(reason, fault!);
    }

    [TestMethod]
    public void Any_object_is_found_whole_within_any_text()
    {
        Prop.ForAll<(string? Before, string? After, string? Text, int Number)>(row =>
        {
            var (before, after, text, number) = row;
            var json = new JsonObject { ["text"] = text ?? "", ["number"] = number }.ToJsonString();
            var schema = Parse("""{"type":"object","required":["text","number"]}""");
            var (value, _) = ReplyJson.Find(Prose(before) + json + Prose(after), schema);
            return value is { } found && found.GetProperty("number").GetInt32() == number
                && found.GetProperty("text").GetString() == Clean(text ?? "");
        }).QuickCheckThrowOnFailure();
    }

    [TestMethod]
    public void Any_text_is_read_without_an_exception()
    {
        Prop.ForAll<string?>(text => ReplyJson.Find("{[\"" + text, Level).Value is null).QuickCheckThrowOnFailure();
    }

    // Prose has no quotes that would open a string before the object.
    private static string Prose(string? text) =>
        (text ?? "").Replace("\"", "", StringComparison.Ordinal).Replace("</think>", "", StringComparison.Ordinal);

    // A lone surrogate has no UTF-8.
    private static string Clean(string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));

    private static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;
}
