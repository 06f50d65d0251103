using ML.Pipelines.Lengthening;

namespace ML.Pipelines.Tests.Lengthening;

[TestClass]
public sealed class WordCountTests
{
    [TestMethod]
    [DataRow("Hello 世界 foo，bar", 6)]
    [DataRow("你好。", 3)]
    [DataRow("", 0)]
    [DataRow(" \n\t ", 0)]
    [DataRow("one\ntwo  three-four", 3)]
    [DataRow("a世b", 3)]
    [DataRow("「a」", 3)]
    [DataRow("ひらがな", 1)]
    public void Wide_characters_count_one_each_and_the_rest_by_white_space(string text, int words) =>
        Assert.AreEqual(words, WordCount.Of(text));
}
