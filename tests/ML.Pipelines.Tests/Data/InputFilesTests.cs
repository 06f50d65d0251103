using ML.Pipelines.Data;

namespace ML.Pipelines.Tests.Data;

[TestClass]
public sealed class InputFilesTests : FileTest
{
    [TestMethod]
    public void A_path_is_itself() => AssertFiles([Write("a.jsonl", "")], Full("a.jsonl"));

    [TestMethod]
    public void Matches_of_a_glob_come_in_ordinal_order()
    {
        foreach (var name in new[] { "b", "a10", "B", "a2", "ä" }) Write(name + ".jsonl", "");
        AssertFiles([Full("*.jsonl")], Full("B.jsonl"), Full("a10.jsonl"), Full("a2.jsonl"), Full("b.jsonl"), Full("ä.jsonl"));
    }

    [TestMethod]
    public void One_star_stays_in_its_folder_and_two_go_deeper()
    {
        foreach (var name in new[] { "a.jsonl", "x/b.jsonl", "x/y/c.jsonl", "x/y/d.txt" }) Write(name, "");
        AssertFiles([Full("*/*.jsonl")], Full("x/b.jsonl"));
        AssertFiles([Full("**/*.jsonl")], Full("a.jsonl"), Full("x/b.jsonl"), Full("x/y/c.jsonl"));
        AssertFiles([Full("x/**/*.jsonl")], Full("x/b.jsonl"), Full("x/y/c.jsonl"));
        AssertFiles([Full("x/y/*")], Full("x/y/c.jsonl"), Full("x/y/d.txt"));
    }

    [TestMethod]
    public void Patterns_keep_their_order_and_no_file_comes_twice()
    {
        foreach (var name in new[] { "a", "b", "c" }) Write(name + ".jsonl", "");
        AssertFiles([Full("c.jsonl"), Full("*.jsonl"), Full("a.jsonl")], Full("c.jsonl"), Full("a.jsonl"), Full("b.jsonl"));
    }

    [TestMethod]
    public void Two_spellings_of_a_path_are_one_file()
    {
        var path = Write("x/a.jsonl", "");
        AssertFiles([path, Full("x/../x/a.jsonl"), Path.GetRelativePath(".", path), Full("x/*")], path);
    }

    [TestMethod]
    public void Relative_patterns_give_relative_paths()
    {
        var folder = Path.GetRelativePath(".", Folder);
        Write("x/a.jsonl", "");
        AssertFiles([Path.Combine(folder, "x/a.jsonl")], Path.Combine(folder, "x/a.jsonl"));
        AssertFiles([Path.Combine(folder, "*/*.jsonl")], Path.Combine(folder, "x/a.jsonl"));
    }

    [TestMethod]
    public void A_pattern_without_a_folder_looks_in_the_current_one() =>
        CollectionAssert.Contains(InputFiles.Expand(["*.dll"]).ToArray(), Path.GetFileName(typeof(InputFiles).Assembly.Location));

    [TestMethod]
    public void A_file_whose_name_has_a_star_is_found_by_its_name()
    {
        var path = Write("a*b.jsonl", "");
        Write("aXb.jsonl", "");
        AssertFiles([path], path);
    }

    [TestMethod]
    [DataRow("missing.jsonl")]
    [DataRow("*.parquet")]
    [DataRow("missing/*.jsonl")]
    [DataRow("missing/**/*.jsonl")]
    public void A_pattern_that_matches_nothing_is_named_with_the_current_folder(string pattern)
    {
        Write("a.jsonl", "");
        var fault = Throws(ErrorCode.FileNotFound, () => InputFiles.Expand([Full("a.jsonl"), Full(pattern)]));
        StringAssert.Contains(fault.Message, $"No file matches '{Full(pattern)}'");
        StringAssert.Contains(fault.Message, Environment.CurrentDirectory);
    }

    [TestMethod]
    public void No_pattern_at_all_is_an_error() => Throws(ErrorCode.FileNotFound, () => InputFiles.Expand([]));

    private string Full(string name) => Path.Combine(Folder, name);

    private static void AssertFiles(string[] patterns, params string[] files) =>
        CollectionAssert.AreEqual(files, InputFiles.Expand(patterns).ToArray());
}
