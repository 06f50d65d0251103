using ML.Pipelines.Cli.Jobs;
using ML.Pipelines.Formatting;
using ML.Pipelines.Pruning;
using ML.Pipelines.Text;

namespace ML.Pipelines.Cli.Tests.Jobs;

[TestClass]
public sealed class JobTests
{
    [TestMethod]
    public void A_job_has_what_its_file_says()
    {
        var job = Yaml.Read();
        Assert.AreEqual("demo", job.Name);
        Assert.AreSequenceEqual(["traces.jsonl"], job.Input.Files);
        Assert.AreEqual("out", job.Output.Folder);
        Assert.AreSequenceEqual(["scorer"], job.Models.Keys);
        Assert.AreSequenceEqual(["adapt", "segment", "prune", "format"], job.Stages.Select(stage => stage.Name));
        Assert.AreEqual(0.5, job.Stages[2].Number("ratio"));
    }

    [TestMethod]
    public void What_the_file_leaves_out_has_the_defaults_of_the_library()
    {
        var (job, pruning, messages) = (Yaml.Read(), new PruningOptions(), new MessageOptions());
        Assert.AreEqual((InputFormat.Auto, 64 << 20), (job.Input.Format, job.Input.MaxRowBytes));
        Assert.AreEqual((1000, 1000, ShardEngine.Auto), (job.Output.ShardRows, job.Output.RowGroupRows, job.Output.Engine));
        Assert.AreEqual((true, ModelProvider.Auto, 0, 0), Model(job.Models["scorer"]));
        Assert.AreEqual((pruning.Prefix, pruning.Bridge, pruning.Seed), Texts(job.Stages[2]));
        Assert.AreEqual((pruning.Method, pruning.Scope, pruning.Overflow), Choices(job.Stages[2]));
        Assert.AreEqual((messages.ThoughtOpen, messages.ThoughtClose),
            (job.Stages[3].Text("thoughtOpen"), job.Stages[3].Text("thoughtClose")));
        Assert.AreEqual(new StepSegmenterOptions().MaxSentences, job.Stages[1].Integer("maxSentences"));
        Assert.IsTrue(job.Stages[1].Boolean("breakAtReflectionInParagraph"));

        static (bool, ModelProvider, int, int) Model(ModelOptions model) =>
            (model.IsBundled, model.Provider, model.Threads, model.ContextLength);
        static (string, string, int) Texts(StageOptions prune) => (prune.Text("prefix"), prune.Text("bridge"), prune.Integer("seed"));
        static (PruningMethod, PruningScope, OverflowPolicy) Choices(StageOptions prune) =>
            (prune.Choice<PruningMethod>("method"), prune.Choice<PruningScope>("scope"), prune.Choice<OverflowPolicy>("overflow"));
    }

    [TestMethod]
    public void Choices_are_the_names_of_the_librarys_enumerations()
    {
        var job = Yaml.Read(Yaml.Changed("ratio: 0.5", "overflow: truncate-earliest"));
        Assert.AreEqual(OverflowPolicy.TruncateEarliest, job.Stages[2].Choice<OverflowPolicy>("overflow"));
        Assert.AreEqual("truncate-earliest", job.Stages[2].Choice("overflow"));
    }

    [TestMethod]
    public void A_map_has_its_texts_and_an_empty_one_where_none_is_given()
    {
        var job = Yaml.Read(Yaml.Changed("- adapt", "- adapt:\n      map: {question: 'prompt|task', answer: }"));
        Assert.AreEqual(("prompt|task", ""), (job.Stages[0].TextMap("map")["question"], job.Stages[0].TextMap("map")["answer"]));
        Assert.IsEmpty(Yaml.Read().Stages[0].TextMap("map"));
    }

    [TestMethod]
    public void A_job_without_a_name_has_that_of_its_file() => Assert.AreEqual("pir", Yaml.Read(Yaml.Changed("name: demo\n", "")).Name);

    [TestMethod]
    public void An_anchor_stands_for_its_value() =>
        Assert.AreEqual(7,
            Yaml.Read(Yaml.Changed("folder: out", "folder: out\n  shardRows: &n 7\n  rowGroupRows: *n")).Output.RowGroupRows);

    [TestMethod]
    public void Asking_for_an_option_that_the_table_lacks_is_a_fault_of_the_caller() =>
        Assert.ThrowsExactly<ArgumentException>(() => Yaml.Read().Stages[2].Text("ratio"));

    [TestMethod]
    public void Relative_paths_of_the_file_are_relative_to_its_folder()
    {
        var yaml = Yaml.Changed("type: onnx", "type: onnx\n    model: models/big")
            .Replace("traces.jsonl", "[a.jsonl, /b.jsonl, 'az://c/d.jsonl']", StringComparison.Ordinal);
        var job = Job.Parse(yaml, "jobs/pir.yaml");
        Assert.AreSequenceEqual(["jobs/a.jsonl", "/b.jsonl", "az://c/d.jsonl"], job.Input.Files);
        Assert.AreEqual(("jobs/out", "jobs/models/big"), (job.Output.Folder, job.Models["scorer"].Model));
        Assert.IsTrue(Job.Parse(Yaml.Changed("type: onnx", "type: onnx\n    model: bundled"), "jobs/pir.yaml").Models["scorer"].IsBundled);
    }

    [TestMethod]
    public void The_job_file_of_pir_is_right()
    {
        var job = Job.Parse(Yaml.Embedded("pir.yaml"), "pipelines/pir.yaml");
        Assert.AreSequenceEqual(["pipelines/samples/aime24-traces.jsonl"], job.Input.Files);
        Assert.AreSequenceEqual(["adapt", "segment", "classify", "prune", "format"], job.Stages.Select(stage => stage.Name));
    }

    [TestMethod]
    public void The_values_in_the_job_file_of_pir_are_the_defaults()
    {
        var bare = "input: {files: a}\noutput: {folder: b}\nmodels: {scorer: {type: onnx}}\nstages: [adapt, segment, classify, prune: {scorer: scorer}, format]";
        Assert.AreSequenceEqual(Yaml.Read(bare).Canonical(), Yaml.Read(Yaml.Embedded("pir.yaml")).Canonical());
    }

    [TestMethod]
    public void An_empty_path_is_none()
    {
        var yaml = Yaml.Changed("- format", "- select-rate: {rates: {0.5: s}, trainer: {command: [t, '{data}', '{out}'], out: ''}}");
        var stage = Job.Parse(yaml, "/jobs/pir.yaml").Stages.Single(stage => stage.Name == "select-rate");
        Assert.AreEqual("", stage.Text("trainer.out"));
        Assert.AreEqual("", stage.Portable.Single(option => option.Key == "trainer.out").Value);
    }

    [TestMethod]
    public void Variables_of_chat_templates_are_typed_as_YAML_types_them()
    {
        var job = Yaml.Read(Yaml.Right, "models.scorer.templateVariables={enable_thinking: false, budget: 12, top: 0.5, tone: dry}",
            "models.scorer.templateDate=2026-07-31");
        var chat = job.Models["scorer"].Chat;
        Assert.AreSequenceEqual<object>([12L, false, "dry", 0.5], chat.TemplateVariables!.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value));
        Assert.AreEqual(new DateOnly(2026, 7, 31), chat.Date);
        Assert.IsNull(Yaml.Read().Models["scorer"].Chat.TemplateVariables);
    }
}
