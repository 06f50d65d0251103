using ML.Pipelines.Cli.Jobs;
using NJsonSchema;
using YamlDotNet.Serialization;

namespace ML.Pipelines.Cli.Tests.Jobs;

[TestClass]
public sealed class JobJsonSchemaTests
{
    private static readonly Lazy<Task<JsonSchema>> Schema = new(() => JsonSchema.FromJsonAsync(JobJsonSchema.Text()));

    [TestMethod]
    public async Task The_schema_takes_the_job_file_of_pir() => Assert.IsEmpty(await Faults(Yaml.Embedded("pir.yaml")));

    [TestMethod]
    public async Task The_schema_takes_a_small_job() => Assert.IsEmpty(await Faults(Yaml.Right));

    [TestMethod]
    [DataRow("ratio: 0.5", "ration: 0.5")]
    [DataRow("ratio: 0.5", "ratio: 1.5")]
    [DataRow("ratio: 0.5", "ratio: high")]
    [DataRow("ratio: 0.5", "method: lowest")]
    [DataRow("scorer: scorer", "seed: 1")]
    [DataRow("type: onnx", "threads: 1")]
    [DataRow("name: demo", "nam: demo")]
    [DataRow("folder: out", "folder: out\n  colour: red")]
    [DataRow("folder: out", "folder: out\n  shardRows: 0")]
    [DataRow("- segment", "- segmnt")]
    [DataRow("- adapt", "- adapt:\n      map: {querstion: a}")]
    [DataRow("- format", "- prune")]
    public async Task What_the_reader_refuses_the_schema_refuses(string part, string by)
    {
        var yaml = Yaml.Changed(part, by);
        Assert.IsNotEmpty(Yaml.Errors(yaml));
        Assert.IsNotEmpty(await Faults(yaml));
    }

    [TestMethod]
    public async Task A_value_of_a_wrong_form_is_refused_for_every_option_by_reader_and_schema()
    {
        foreach (var (section, option) in JobSchema.Sections.SelectMany(section => section.Options.Select(option => (section, option))))
        {
            var yaml = With(section, option.Name, "{a: {b: c}}");
            Assert.Contains(option.Name, Yaml.Errors(yaml));
            Assert.IsNotEmpty(await Faults(yaml), $"{section.Name}.{option.Name}");
        }
    }

    [TestMethod]
    public async Task Every_default_is_a_value_that_reader_and_schema_take()
    {
        foreach (var (section, option) in JobSchema.Sections.SelectMany(section => section.Options.Select(option => (section, option))))
        {
            if (option.Requirement != Requirement.Optional || (section == JobSchema.Model && option.Name is "url" or "served")) continue;
            var value = System.Text.Json.JsonSerializer.Serialize(option.Default);
            var yaml = With(section, option.Name, value);
            Assert.IsNotEmpty(Yaml.Read(yaml).Stages);
            Assert.IsEmpty(await Faults(yaml), $"{section.Name}.{option.Name}");
        }
    }

    [TestMethod]
    public void Every_option_has_a_description_that_is_a_sentence()
    {
        foreach (var option in JobSchema.Sections.SelectMany(section => section.Options))
            Assert.EndsWith(".", option.Description, option.Name);
    }

    [TestMethod]
    public void The_page_of_the_docs_is_up_to_date() => Assert.AreEqual(JobDocument.Text(), Yaml.Embedded("job-file.md"),
        "Write it anew: mlpipe schema --markdown > docs/job-file.md");

    // The smallest job with all stages and, in one section, one more option or another value of a required one.
    private static string With(SectionDefinition section, string name, string value)
    {
        var stages = JobSchema.Stages.Select(stage => $"{{{stage.Name}: {Options(stage, Required(stage))}}}");
        return $"{(section == JobSchema.Top ? $"{name}: {value}" : "")}\ninput: {Options(JobSchema.Input, [("files", "a")])}\n"
            + $"output: {Options(JobSchema.Output, [("folder", "b")])}\nmodels: {{m: {Model()}}}\nstages: [{string.Join(", ", stages)}]\n"
            + $"gates: {Options(JobSchema.Gates, [])}";

        static IEnumerable<(string, string)> Required(SectionDefinition stage) => stage.Options
            .Where(option => option.Requirement != Requirement.Optional).Select(option => (option.Name, option.Kind switch
            {
                OptionKind.TextMap => "{0.5: m}",
                OptionKind.TextList => "['m', '{data}', '{out}', '{base}']",
                _ => "m",
            }));

        string Model() => section == JobSchema.Model && JobSchema.Foreign(ModelType.Onnx).Contains(name)
            ? $"{{type: openai, url: 'http://localhost/v1', served: m, {name}: {value}}}"
            : Options(JobSchema.Model, [("type", "onnx")]);

        string Options(SectionDefinition own, IEnumerable<(string Name, string Value)> required)
        {
            var options = required.ToDictionary(option => option.Name, option => option.Value);
            // A compressor is a teacher, or needs what a teacher does without.
            if (own.Name == "compress" && name != "teacher") options["teacher"] = "m";
            else if (own.Name == "compress") (options["compressor"], options["scorer"], options["rates"]) = ("self-information", "m", "[0.5]");
            if (own == section) options[name] = value;
            return Map(options.Where(option => !option.Key.Contains('.', StringComparison.Ordinal)).Concat(options
                .Where(option => option.Key.Contains('.', StringComparison.Ordinal)).GroupBy(option => option.Key.Split('.')[0], option =>
                    KeyValuePair.Create(option.Key.Split('.')[1], option.Value)).Select(group => KeyValuePair.Create(group.Key, Map(group)))));
        }

        static string Map(IEnumerable<KeyValuePair<string, string>> entries) =>
            $"{{{string.Join(", ", entries.Select(entry => $"{entry.Key}: {entry.Value}"))}}}";
    }

    private static async Task<IEnumerable<NJsonSchema.Validation.ValidationError>> Faults(string yaml)
    {
        var value = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize<object>(yaml);
        return (await Schema.Value).Validate(new SerializerBuilder().JsonCompatible().Build().Serialize(value));
    }
}
