using FsCheck;
using FsCheck.Fluent;
using ML.Pipelines.Cli.Jobs;

namespace ML.Pipelines.Cli.Tests.Jobs;

[TestClass]
public sealed class JobCanonicalTests
{
    private static readonly string[][] Prune =
        [["scorer: scorer"], ["ratio: 0.50", "ratio: 5e-1"], ["seed: +3", "seed: 3"], ["bridge: \"=\"", "bridge: '='"], ["scope: solution", ""]];
    private static readonly string[][] Map = [["question: prompt"], ["answer: ''", "answer:"], ["id: key"]];
    private static readonly string[][] Output =
        [["folder: out", "folder: there"], ["shardRows: 5", "shardRows:    5"], ["engine: duckdb", ""]];

    [TestMethod]
    public void The_form_does_not_depend_on_the_order_of_keys_comments_formatting_or_written_defaults()
    {
        var expected = Yaml.Read(Render(0)).Canonical();
        Prop.ForAll(Gen.Choose(1, int.MaxValue).ToArbitrary(), seed => Yaml.Read(Render(seed)).Canonical().SequenceEqual(expected))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [TestMethod]
    public void Every_option_is_in_the_form_or_marked_as_not_counting()
    {
        var all = "input: {files: a}\noutput: {folder: b}\nmodels: {m: {type: onnx}}\nstages: [adapt, deduplicate, decontaminate: {references: b}, filter-math, filter-code, filter-science, filter-puzzle, segment, classify, prune: {scorer: m}, judge: {teacher: m}, rewrite: {teacher: m}, compress: {teacher: m}, select-rate: {rates: {0.5: s}, trainer: {command: [t, '{data}', '{out}']}}, format, mix-chains, bilevel-preferences, stepwise-preferences, length-priming, meta-length, conditioned]";
        var counted = Yaml.Read(all).Canonical().Select(option => option.Path).ToArray();
        var groups = new[] { ("", JobSchema.Top), ("input.", JobSchema.Input), ("output.", JobSchema.Output), ("models.m.", JobSchema.Model) }
            .Concat(JobSchema.Stages.Select(stage => ($"stages.{stage.Name}.", stage)));
        var marked = groups.SelectMany(group => group.Item2.Options.Where(option => option.Fingerprint == FingerprintRole.Counts)
            .Select(option => group.Item1 + option.Name));
        Assert.AreSequenceEqual(marked.Append("stages").Order(), counted.Order());
    }

    [TestMethod]
    public void What_does_not_count_is_exactly_this()
    {
        var options = JobSchema.Sections
            .SelectMany(section => section.Options.Select(option => (Path: $"{section.Name}.{option.Name}", option.Fingerprint))).ToArray();
        Assert.AreSequenceEqual(
            [
                ".name", "output.folder", "output.maxQuarantined", "models.threads", "models.inputPrice", "models.outputPrice",
                "models.maxRows", "models.maxCacheTokens", "models.url",
                "models.keyVariable", "models.keyHeader", "models.apiVersion", "models.checkModel", "models.maxConcurrency",
                "models.requestsPerMinute", "models.tokensPerMinute", "models.requestTimeout", "models.patience", "models.maxTokens", "models.maxCost",
                "judge.concurrency", "rewrite.concurrency", "compress.concurrency", "select-rate.trainer.out", "select-rate.trainer.data",
                "select-rate.concurrency", "gates.minKept", "gates.minTokenReduction",
                "gates.maxTokenReduction", "gates.minAnswerEquivalence", "gates.noEmptyMessages",
            ],
            options.Where(option => option.Fingerprint == FingerprintRole.Ignored).Select(option => option.Path));
        Assert.AreSequenceEqual(["output.engine", "models.provider"],
            options.Where(option => option.Fingerprint == FingerprintRole.Resolved).Select(option => option.Path));
        Assert.AreSequenceEqual(["input.files", "models.model", "models.tokenizer", "decontaminate.references", "segment.prompt", "classify.prompt", "judge.prompt", "rewrite.prompt", "compress.prompt"],
            options.Where(option => option.Fingerprint == FingerprintRole.ByContent).Select(option => option.Path));
    }

    [TestMethod]
    [DataRow("stages.prune.ratio=0.25", "stages.prune.ratio", "0.25")]
    [DataRow("output.shardRows=7", "output.shardRows", "7")]
    [DataRow("models.scorer.contextLength=512", "models.scorer.contextLength", "512")]
    [DataRow("stages.adapt.map={question: \"a b\", id: c}", "stages.adapt.map", """{"id":"c","question":"a b"}""")]
    [DataRow("input.columns=b,a", "input.columns", """["b","a"]""")]
    [DataRow("stages.select-rate.trainer.base=m", "stages.select-rate.trainer.base", "m")]
    [DataRow("stages.select-rate.trainer.command=[t, \"{data} {out} {base}\"]", "stages.select-rate.trainer.command", """["t","{data} {out} {base}"]""")]
    [DataRow("stages.select-rate.rates={0.6: a b, 0.4: c}", "stages.select-rate.rates", """{"0.4":"c","0.6":"a b"}""")]
    [DataRow("input.leaveOutUnsupported=true", "input.leaveOutUnsupported", "true")]
    public void A_change_that_counts_changes_just_its_option(string assignment, string path, string value)
    {
        var yaml = Yaml.Right + "\n  - select-rate: {rates: {0.5: s}, trainer: {command: [t, '{data}', '{out}', '{base}']}}\n";
        var changed = Yaml.Read(yaml, assignment).Canonical().Except(Yaml.Read(yaml).Canonical()).Single();
        Assert.AreEqual(new CanonicalOption(path, value), changed);
    }

    [TestMethod]
    public void The_order_of_stages_counts()
    {
        var canonical = Yaml.Read().Canonical();
        Assert.AreEqual("adapt,segment,prune,format", canonical.Single(option => option.Path == "stages").Value);
    }

    [TestMethod]
    [DataRow("0", "-0")]
    [DataRow("0.1", "1e-1")]
    [DataRow("1", "1.0")]
    public void A_number_has_one_form(string one, string other) => Assert.AreSequenceEqual(
        Yaml.Read(Yaml.Right, $"stages.prune.ratio={one}").Canonical(), Yaml.Read(Yaml.Right, $"stages.prune.ratio={other}").Canonical());

    private static string Render(int seed)
    {
        var random = new Random(seed);
        string[] sections =
        [
            "name: x" + random.Next(), "input:\n  files: a.jsonl",
            "output:" + Lines(Output, 2, random),
            "models:\n  scorer: {provider: cpu, type: onnx}",
            "stages:\n  - adapt:\n      map:" + Lines(Map, 8, random) + "\n  - segment\n  - prune:" + Lines(Prune, 6, random),
        ];
        random.Shuffle(sections);
        return string.Join(random.Next(2) == 0 ? "\n" : "\n\n# between\n", sections);
    }

    private static string Lines(string[][] options, int indent, Random random)
    {
        var lines = options.Select(forms => forms[random.Next(forms.Length)]).Where(line => line.Length > 0).ToArray();
        random.Shuffle(lines);
        return string.Concat(lines.Select(line => $"\n{new string(' ', indent)}{line}{(random.Next(2) == 0 ? "" : "   # why")}"));
    }
}
