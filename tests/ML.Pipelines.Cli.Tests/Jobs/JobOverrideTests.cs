using ML.Pipelines.Cli.Jobs;

namespace ML.Pipelines.Cli.Tests.Jobs;

[TestClass]
public sealed class JobOverrideTests
{
    [TestMethod]
    public void A_value_of_the_command_line_takes_the_place_of_the_files()
    {
        var job = Yaml.Read(Yaml.Right, "stages.prune.ratio=0.25", "models.scorer.provider=cpu", "output.shardRows=100", "name=other");
        Assert.AreEqual((0.25, ModelProvider.Cpu, 100, "other"),
            (job.Stages[2].Number("ratio"), job.Models["scorer"].Provider, job.Output.ShardRows, job.Name));
    }

    [TestMethod]
    public void The_last_of_several_values_counts() =>
        Assert.AreEqual(0.75, Yaml.Read(Yaml.Right, "stages.prune.ratio=9", "stages.prune.ratio=0.75").Stages[2].Number("ratio"));

    [TestMethod]
    public void An_overridden_value_of_the_file_may_be_wrong() =>
        Assert.AreEqual(0.75, Yaml.Read(Yaml.Changed("ratio: 0.5", "ratio: x"), "stages.prune.ratio=0.75").Stages[2].Number("ratio"));

    [TestMethod]
    public void A_stage_without_options_takes_one() =>
        Assert.AreEqual("s1k", Yaml.Read(Yaml.Right, "stages.adapt.schema=s1k").Stages[0].Text("schema"));

    [TestMethod]
    public void Missing_sections_and_models_come_into_being()
    {
        var job = Yaml.Read("stages: [adapt]", "input.files=a.jsonl", "output.folder=out", "models.m.type=onnx");
        Assert.AreEqual(("out", "m"), (job.Output.Folder, job.Models.Keys.Single()));
    }

    [TestMethod]
    [DataRow("a.jsonl,b.jsonl")]
    [DataRow("a.jsonl, b.jsonl")]
    [DataRow("[a.jsonl, 'b.jsonl']")]
    public void A_list_takes_commas_or_yaml(string value) =>
        Assert.AreSequenceEqual(["a.jsonl", "b.jsonl"], Yaml.Read(Yaml.Right, $"input.files={value}").Input.Files);

    [TestMethod]
    [DataRow("Question: {question}", "Question: {question}")]
    [DataRow("{question} # = [", "{question} # = [")]
    [DataRow("\"{question}\\n\"", "{question}\n")]
    [DataRow("'{question}'", "{question}")]
    public void A_text_is_taken_as_it_is_unless_it_is_quoted(string value, string text) =>
        Assert.AreEqual(text, Yaml.Read(Yaml.Right, $"stages.prune.prefix={value}").Stages[2].Text("prefix"));

    [TestMethod]
    public void A_map_takes_yaml() =>
        Assert.AreEqual("prompt", Yaml.Read(Yaml.Right, "stages.adapt.map={question: prompt}").Stages[0].TextMap("map")["question"]);

    [TestMethod]
    public void Relative_paths_of_the_command_line_are_relative_to_the_current_directory()
    {
        var overrides = new[] { JobOverride.Parse("output.folder=here"), JobOverride.Of("--input", "input.files", "a, b.jsonl", "c.jsonl") };
        var job = Job.Parse(Yaml.Right, "jobs/pir.yaml", overrides);
        Assert.AreEqual("here", job.Output.Folder);
        Assert.AreSequenceEqual(["a, b.jsonl", "c.jsonl"], job.Input.Files);
    }

    [TestMethod]
    [DataRow("stages.prune.ratio=2", "--set: stages.prune.ratio: 2 is not in 0..1. Give a number from 0 to 1.")]
    [DataRow("stages.prune.ratio=", "--set: stages.prune.ratio: no value is given. Give a number from 0 to 1, or remove the line.")]
    [DataRow("stages.prune.rato=1", "--set: stages.prune.rato: there is no such option. Did you mean 'ratio'?")]
    [DataRow("stages.classify.x=1", "--set: stages.classify.x: the job has no stage 'classify'. Its stages are adapt, segment, prune, format.")]
    [DataRow("stages.prune=1", "--set: stages.prune: not a map of options. Give one such as {type: onnx, model: bundled}, or set a single option.")]
    [DataRow("x=1", "--set: x: not the path of an option. Give one such as stages.prune.ratio, models.scorer.provider or output.shardRows.")]
    [DataRow("models.scorer.provider=gpu", "--set: models.scorer.provider: 'gpu' is not one of auto, cpu, cuda.")]
    [DataRow("models.b.threads=1", "--set: models.b.type: missing, but required. The kind of model.")]
    [DataRow("stages.adapt.map={", "--set: stages.adapt.map: '{' is not valid YAML. Give a map of texts.")]
    [DataRow("output.folder=", "--set: output.folder: no value is given. Give a text.")]
    [DataRow("=1", "--set: '=1' has no path before '='. Give one such as stages.prune.ratio, models.scorer.provider or output.shardRows.")]
    [DataRow("ratio", "--set: 'ratio' has no path before '='. Give one such as stages.prune.ratio, models.scorer.provider or output.shardRows.")]
    public void A_wrong_value_names_set_as_its_place(string assignment, string error) =>
        Assert.AreEqual(error, Yaml.Errors(Yaml.Right, assignment));

    [TestMethod]
    public void A_command_line_option_of_its_own_is_named_as_the_place()
    {
        var empty = JobOverride.Of("--output", "output.folder", "");
        Assert.AreEqual("--output: output.folder: no value is given. Give a text.",
            Assert.ThrowsExactly<PipelineException>(() => Job.Parse(Yaml.Right, "pir.yaml", [empty])).Message);
    }

    [TestMethod]
    public void A_command_line_option_of_its_own_may_give_a_number() =>
        Assert.AreEqual(0.25, Job.Parse(Yaml.Right, "pir.yaml", [JobOverride.Of("--ratio", "stages.prune.ratio", "0.25")]).Stages[2].Number("ratio"));

    [TestMethod]
    public void A_section_of_the_wrong_form_is_told_by_its_own_place() => Assert.AreEqual(
        "pir.yaml:4:9: output: a list is not a map of options. Write each option as 'name: value' in a line of its own.",
        Yaml.Errors(Yaml.Changed("output:\n  folder: out", "output: [out]"), "output.folder=here"));
}
