using System.Text.RegularExpressions;

namespace ML.Pipelines.EndToEnd.Tests;

[TestClass]
[TestCategory("Slow")]
public sealed partial class ReadmeTests
{
    [TestMethod]
    public void Every_mlpipe_command_of_the_README_works()
    {
        using var folder = new TestFolder();
        var commands = Command().Matches(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "pipelines", "README.md")));
        Assert.HasCount(4, commands);
        foreach (Match command in commands) MlPipe.Run([.. command.Groups[1].Value.Split(' ').Select(word => InPlace(word, folder))]).Expect(0);
    }

    private static string InPlace(string word, TestFolder folder) => word switch
    {
        "pipelines/pir.yaml" => MlPipe.Job,
        _ when word.StartsWith("out/", StringComparison.Ordinal) => folder.File(word["out/".Length..]),
        _ when word.StartsWith("pipelines/samples/", StringComparison.Ordinal) => TestFolder.Sample(Path.GetFileName(word)),
        _ => word,
    };

    [GeneratedRegex(@"^eng/mlpipe (.+)$", RegexOptions.Multiline)]
    private static partial Regex Command();
}
