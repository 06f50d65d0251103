using FsCheck;
using FsCheck.Fluent;
using ML.Pipelines.OnnxRuntime.Templates;

namespace ML.Pipelines.OnnxRuntime.Tests.Templates;

/// <summary>Python's results that @huggingface/jinja does not have, faults, and bounds.</summary>
[TestClass]
public sealed class ChatTemplateTests
{
    private static readonly string[] Fragments =
    [
        "{{", "}}", "{%", "%}", "{#", "#}", "if ", "for ", "in ", "x", "endif", "endfor", "set ", "=", "'", "\"", "(", ")", "[", "]",
        ":", "|", ".", "-",
        "1", "trim", "is ", "not ", "else", " ", "\n", "~", "*", "macro ", "range", "messages", ",", "{", "}",
    ];

    [TestMethod]
    [DataRow("{{ none }} {{ true }} {{ 1.0 }} {{ 1e }}", null)]
    [DataRow("{{ none }} {{ true }} {{ 1.0 }} {{ [1, 'a', none] }} {{ {'k': 'it\\'s'} }}", "None True 1.0 [1, 'a', None] {'k': \"it's\"}")]
    [DataRow("{{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 2 ** 3 }} {{ 7 / 2 }} {{ 'ab' * 2 }}", "3 -4 2 8 3.5 abab")]
    [DataRow("{{ 'xayay'.rstrip('ya') }} {{ 'hello World' | capitalize }} {{ 'a,b,c'.rsplit(',', 1) }}", "x Hello world ['a,b', 'c']")]
    [DataRow("{% for c in 'xyz' %}{{ c }}.{% endfor %} {{ 1 is eq(1) }} {{ 4 is divisibleby 2 }}", "x.y.z. True True")]
    [DataRow("{{ [1, 2, 3] | select('gt', 1) | list }} {{ ['a', 'b'] | reject('equalto', 'a') | list }}", "[2, 3] ['b']")]
    [DataRow("{{ ['a', 'b'] | map('upper') | join }} {{ [1, 2] | sum }} {{ 'abc' | reverse }} {{ 'é' | length }}", "AB 3 cba 1")]
    [DataRow("{{ 1 < 2 < 3 }} {{ 3 > 2 > 2 }} {{ not 1 == 2 }} {{ 1 == 1.0 }} {{ 'a' if false }}|", "True False True True |")]
    [DataRow("{{ {'b': 1, 'a': [1.5, true, none]} | tojson(sort_keys=true) }}", "{\"a\": [1.5, true, null], \"b\": 1}")]
    [DataRow("{{ dict(a=1).get('a') }}{{ {}.get('b', 2) }}{{ loop is defined }}", "12False")]
    [DataRow("{{ 'abcdef'[::-2] }} {{ [1, 2, 3][-1] }}{{ 'abc'[5] is defined }}", "fdb 3False")]
    public void Values_are_those_of_Jinja_in_Python(string template, string? expected)
    {
        if (expected is null) Assert.AreEqual(ErrorCode.ChatTemplate, Assert.ThrowsExactly<PipelineException>(() => Render(template)).Code);
        else Assert.AreEqual(expected, Render(template));
    }

    [TestMethod]
    [DataRow("{{ messages", "line 1, column 1", "}} is missing")]
    [DataRow("a\n  {% if x %}b", "line 2, column 14", "'endif' is missing")]
    [DataRow("{% endfor %}", "line 1, column 4", "'endfor' ends nothing")]
    [DataRow("{% include 'x' %}", "line 1, column 4", "statement 'include' is not supported")]
    [DataRow("{% break %}", "line 1, column 4", "statement 'break' is not supported")]
    [DataRow("{{ 'a }}", "line 1, column 4", "string does not end")]
    [DataRow("{{ a ? b }}", "line 1, column 6", "'?' has no meaning")]
    [DataRow("{{ 1 + }}", "line 1, column 8", "expression is missing")]
    [DataRow("{{ 99999999999999999999 }}", "line 1, column 4", "too large")]
    [DataRow("x\n\n{{ y | nothing }}", "line 3, column 6", "filter 'nothing' is not supported")]
    [DataRow("{{ 1 is nothing }}", "line 1, column 6", "test 'nothing' is not supported")]
    [DataRow("{{ nothing.more }}", "line 1, column 4", "'nothing' is undefined")]
    [DataRow("{{ messages.more.most }}", "line 1, column 12", "'messages.more' is undefined")]
    [DataRow("{{ nothing() }}", "line 1, column 11", "'nothing' is undefined and cannot be called")]
    [DataRow("{{ 'a' + 1 }}", "line 1, column 8", "does not apply to a string and an integer")]
    [DataRow("{{ 1 // 0 }}", "line 1, column 6", "no result")]
    [DataRow("{% for x in 5 %}{% endfor %}", "line 1, column 13", "cannot go over an integer")]
    [DataRow("{% set a.b = 1 %}", "line 1, column 8", "Only members of a namespace()")]
    [DataRow("{{ raise_exception('No system role.') }}", "line 1, column 19", "The template says: No system role.")]
    public void A_fault_has_its_place_and_reason(string template, string place, string reason)
    {
        var fault = Assert.ThrowsExactly<PipelineException>(() => Render(template));
        Assert.AreEqual(ErrorCode.ChatTemplate, fault.Code);
        StringAssert.Contains(fault.Message, $"the template, {place}: ");
        StringAssert.Contains(fault.Message, reason);
    }

    [TestMethod]
    [DataRow("{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}", "steps")]
    [DataRow("{{ 'x' * 999999999 }}", "longer than")]
    [DataRow("{% set s = namespace(x='xxxxxxxxxxxxxxxx') %}{% for i in range(99) %}{% set s.x = s.x ~ s.x %}{% endfor %}", "longer than")]
    [DataRow("{% set s = 'xxxxxxxx' * 1000000 %}{% for i in range(99) %}{{ s }}{% endfor %}", "longer than")]
    [DataRow("{{ range(999999999) | length }}", "more than")]
    [DataRow("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "nested too deeply")]
    public void A_template_that_takes_too_much_is_ended(string template, string reason) =>
        StringAssert.Contains(Assert.ThrowsExactly<PipelineException>(() => Render(template)).Message, reason);

    [TestMethod]
    public void Deep_nesting_is_a_fault_and_not_the_processs_end()
    {
        foreach (var (open, close) in new[] { ("(", ")"), ("[", "]"), ("not ", ""), ("-", "") })
            Assert.ThrowsExactly<PipelineException>(() => Render($"{{{{ {Repeat(open)}1{Repeat(close)} }}}}"));
        Assert.ThrowsExactly<PipelineException>(() => Render(Repeat("{% if true %}") + Repeat("{% endif %}")));
        Assert.ThrowsExactly<PipelineException>(() => Render($"{{{{ 1{Repeat(" + 1")} }}}}"));

        static string Repeat(string text) => string.Concat(Enumerable.Repeat(text, 200_000));
    }

    [TestMethod]
    public void Nothing_of_the_runtime_can_be_reached() =>
        Assert.AreEqual("|||", Render("{{ ''.__class__ }}|{{ messages.GetType }}|{{ ''.Length }}|{{ raise_exception.Method }}"));

    [TestMethod]
    public void Any_text_is_a_template_or_a_typed_fault() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000),
        Prop.ForAll(Gen.Elements(Fragments).ListOf().Select(string.Concat).ToArbitrary(), template =>
        {
            try
            {
                Render(template);
            }
            catch (PipelineException fault)
            {
                return fault.Code == ErrorCode.ChatTemplate;
            }
            return true;
        }));

    private static string Render(string template) => ChatTemplate.Parse(template, "the template").Render(new Dictionary<string, object?>
    {
        ["messages"] = new List<object?> { new Dictionary<string, object?> { ["role"] = "user", ["content"] = "hi" } },
        ["x"] = true,
    });
}
