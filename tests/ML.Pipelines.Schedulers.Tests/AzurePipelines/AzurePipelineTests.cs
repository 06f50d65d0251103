using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace ML.Pipelines.Schedulers.Tests;

/// <summary><c>azure-pipelines.yml</c>, held against Azure Pipelines' language service, and its one script that decides something, run.</summary>
/// <remarks>
/// The service's package brings no schema, so the one here describes the part that the pipeline uses. Where the variable
/// AZURE_PIPELINES_SCHEMA names a file, such as service-schema.json of the VS Code extension, the pipeline is held against that as well.
/// </remarks>
[TestClass]
[TestCategory("Slow")]
public sealed class AzurePipelineTests
{
    private static readonly string Tools = Shell.PathOf("NodeTools");
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "AzurePipelines");
    private static readonly string Pipeline = Path.Combine(AppContext.BaseDirectory, "azure-pipelines.yml");

    private static IEnumerable<string> Schemas =>
        new[] { Path.Combine(Folder, "azure-pipelines.schema.json"), Environment.GetEnvironmentVariable("AZURE_PIPELINES_SCHEMA") ?? "" }
            .Where(file => file.Length > 0);

    [TestMethod]
    public void The_language_service_finds_no_fault()
    {
        foreach (var schema in Schemas) Check(Pipeline, schema).Expect(0);
    }

    [TestMethod]
    [DataRow("displayName: Run a slice", "dipslayName: Run a slice", "dipslayName", DisplayName = "an unknown key of a step")]
    [DataRow("- script: eng/test.sh", "- scrip: eng/test.sh", "scrip", DisplayName = "an unknown kind of step")]
    [DataRow("useGlobalJson: true", "useGlobalJsn: true", "useGlobalJsn", DisplayName = "an unknown input of a task")]
    [DataRow("task: UseDotNet@2", "task: UseDotNett@2", "Value is not accepted", DisplayName = "an unknown task")]
    [DataRow("dependsOn: Plan", "dependOn: Plan", "dependOn", DisplayName = "an unknown key of a job")]
    [DataRow("stages:", "stags:", "stags", DisplayName = "no stages")]
    [DataRow("  - stage: Data", "   - stage: Data", "bad indentation", DisplayName = "bad YAML")]
    public void The_language_service_refuses_a_broken_pipeline(string right, string wrong, string named)
    {
        using var folder = new TestFolder();
        var text = File.ReadAllText(Pipeline);
        StringAssert.Contains(text, right);
        var broken = folder.Write("azure-pipelines.yml", text.Replace(right, wrong, StringComparison.Ordinal));
        foreach (var schema in Schemas) StringAssert.Contains(Check(broken, schema).Expect(1).Output, named);
    }

    [TestMethod]
    public void Jobs_depend_on_jobs_of_their_stage_and_the_merge_on_slices_without_work_left()
    {
        foreach (var stage in Items(Root(), "stages"))
        {
            var names = Items(stage, "jobs").Select(job => Text(job, "job")).ToArray();
            foreach (var needed in Items(stage, "jobs").Select(job => Text(job, "dependsOn")).Where(name => name.Length > 0))
                Assert.Contains(needed, names);
        }
        Assert.AreEqual("eq(dependencies.Run.result, 'Succeeded')", Text(Job("Merge"), "condition"));
        Assert.AreEqual("${{ parameters.slices }}", Text((YamlMappingNode)Job("Run")["strategy"], "parallel"));
    }

    [TestMethod]
    public void Every_step_that_opens_the_container_is_given_the_connection_string()
    {
        var steps = new[] { "Plan", "Run", "Merge" }.SelectMany(job => Items(Job(job), "steps")).ToArray();
        var opening = steps.Where(step => Regex.IsMatch(Text(step, "script") + Text(step, "bash"), @"\$\((output|container)\)")).ToArray();
        Assert.HasCount(4, opening);
        foreach (var step in opening)
            Assert.AreEqual("$(AZURE_STORAGE_CONNECTION_STRING)", Text((YamlMappingNode)step["env"], "AZURE_STORAGE_CONNECTION_STRING"));
    }

    [TestMethod]
    [DataRow(0, 0, false)]
    [DataRow(3, 3, false)]
    [DataRow(75, 0, true)]
    public void A_time_slice_that_is_over_succeeds_with_issues_and_a_fault_fails(int mlpipe, int step, bool issues)
    {
        using var folder = new TestFolder();
        Shell.Script(folder.File("dotnet"), $"""echo "$@"; exit {mlpipe}""" + "\n");
        var script = Text(Items(Job("Run"), "steps").Single(entry => Text(entry, "displayName") == "Run a slice"), "bash")
            .Replace("$(mlpipe)", "mlpipe.dll", StringComparison.Ordinal)
            .Replace("$(output)", "azure://a/c/p", StringComparison.Ordinal)
            .Replace("${{ parameters.job }}", "job.yaml", StringComparison.Ordinal)
            .Replace("${{ parameters.maxDuration }}", "50m", StringComparison.Ordinal);
        var path = new Dictionary<string, string> { ["PATH"] = $"{folder.Path}:{Environment.GetEnvironmentVariable("PATH")}" };
        var result = Shell.Run(folder.Path, path, "bash", "--noprofile", "--norc", "-c", script).Expect(step);
        StringAssert.Contains(result.Output, "mlpipe.dll run job.yaml --output azure://a/c/p --max-duration 50m");
        Assert.AreEqual(issues, result.Output.Contains("##vso[task.complete result=SucceededWithIssues;]", StringComparison.Ordinal));
    }

    private static Shell.Result Check(string pipeline, string schema)
    {
        if (!Directory.Exists(Path.Combine(Tools, "node_modules", "azure-pipelines-language-service")))
            Assert.Inconclusive("Run eng/setup-node.sh azure-pipelines-language-service@0.9.2 once.");
        return Shell.Run(Folder, null, "node", "check-pipeline.mjs", Tools, pipeline, schema);
    }

    private static YamlMappingNode Root()
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(File.ReadAllText(Pipeline)));
        return (YamlMappingNode)stream.Documents.Single().RootNode;
    }

    private static YamlMappingNode Job(string name) =>
        Items(Root(), "stages").SelectMany(stage => Items(stage, "jobs")).Single(job => Text(job, "job") == name);

    private static IEnumerable<YamlMappingNode> Items(YamlMappingNode node, string key) =>
        ((YamlSequenceNode)node[key]).Cast<YamlMappingNode>();

    private static string Text(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var value) ? ((YamlScalarNode)value).Value! : "";
}
