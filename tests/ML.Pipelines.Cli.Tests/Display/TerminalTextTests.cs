using ML.Pipelines.Cli.Display;

namespace ML.Pipelines.Cli.Tests.Display;

[TestClass]
public sealed class TerminalTextTests
{
    [TestMethod]
    [DataRow("a\nb", "a\nb")]
    [DataRow("a\r\nb", "a\nb")]
    [DataRow("a\tb", "a    b")]
    [DataRow("\e[31mred\e[0m", "␛[31mred␛[0m")]
    [DataRow("\e]8;;http://x\a", "␛]8;;http://x␇")]
    [DataRow("\0\b\u007f", "␀␈␡")]
    [DataRow("\u009b31m", "\uFFFD31m")]
    [DataRow("\u202eabc\u2066d\u200f", "abcd")]
    [DataRow("∀ε>0 😀 [x] é", "∀ε>0 😀 [x] é")]
    public void Only_what_a_terminal_would_act_on_is_replaced(string text, string clean) =>
        Assert.AreEqual(clean, TerminalText.Clean(text));

    [TestMethod]
    public void Half_a_surrogate_pair_becomes_the_replacement_character() => Assert.AreEqual("\uFFFDx", TerminalText.Clean("\ud800x"));
}
