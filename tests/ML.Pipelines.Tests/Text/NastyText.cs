using FsCheck;
using FsCheck.Fluent;

namespace ML.Pipelines.Tests.Text;

/// <summary>Generators of texts that break text rules.</summary>
internal static class NastyText
{
    private static readonly string[] Fragments =
    [
        "Wait, ", "Alternatively, ", "So x = 5. ", "Therefore:\n\n", "\n\n", "\n", "\r\n", "\r", " ", "\t", "$", "$$", "$x=1.5$", @"\[",
        @"\]", @"\(", @"\)", @"\begin{align}", @"\end{align}", @"\begin{", @"\end{", "```", "```python\n", "~~~", "`", "``", "e.g. ",
        "3.14", "...", "… ", "!", "?", ".", "。", "！", "- a\n", "1. ", "# H\n", "| a |", "\\", "\\\\", "{", "}", "😀", "\ud83d", "\ude00",
        "\u0301", "中文。", "\u00a0", "\u2028", "Dr. ", "A. ", ":", "**", ")", @"\boxed{", @"\boxed 5", "</think>", "####", "#### 5\n",
        "The final answer is ", "0", "25", "1/2", ",", "%", "\0", @"\frac", @"\sqrt", "^", "-", "(", "[", "]", @"\text{", @"\pm", "=",
        "or ", @"\{", @"\}", "10^999999999", "é", "ſ", "İ", @"\cup",
    ];

    /// <summary>Strings put together from the fragments.</summary>
    public static Arbitrary<string> Assembled { get; } =
        Gen.Elements(Fragments).ListOf().Select(parts => string.Concat(parts)).ToArbitrary();

    /// <summary>Any UTF-16 string, lone surrogates among them.</summary>
    public static Arbitrary<string> Unicode { get; } =
        Gen.Choose(0, 0xFFFF).Select(unit => (char)unit).ArrayOf().Select(units => new string(units)).ToArbitrary();

    /// <summary>Checks a property on many strings of both kinds.</summary>
    public static void Check(Func<string, bool> property)
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(600).WithEndSize(60);
        FsCheck.Fluent.Prop.ForAll(Assembled, property).Check(config);
        FsCheck.Fluent.Prop.ForAll(Unicode, property).Check(config);
    }
}
