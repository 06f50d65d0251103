using FsCheck;
using FsCheck.Fluent;
using ML.Pipelines.Cli.Jobs;

namespace ML.Pipelines.Cli.Tests.Jobs;

[TestClass]
public sealed class JobErrorTests
{
    [TestMethod]
    [DataRow("ratio: 0.5", "ratio: 1.5", "pir.yaml:14:14: stages.prune.ratio: 1.5 is not in 0..1. Give a number from 0 to 1.")]
    [DataRow("ratio: 0.5", "ratio: high", "pir.yaml:14:14: stages.prune.ratio: 'high' is not a number. Give a number from 0 to 1.")]
    [DataRow("ratio: 0.5", "ratio: .nan", "pir.yaml:14:14: stages.prune.ratio: '.nan' is not a number. Give a number from 0 to 1.")]
    [DataRow("ratio: 0.5", "ratio: '0.5'", "pir.yaml:14:14: stages.prune.ratio: '0.5' is not a number. Give a number from 0 to 1.")]
    [DataRow("ratio: 0.5", "ratio: [0.5]", "pir.yaml:14:14: stages.prune.ratio: a list is not a number. Give a number from 0 to 1.")]
    [DataRow("ratio: 0.5", "ratio:", "pir.yaml:14:13: stages.prune.ratio: no value is given. Give a number from 0 to 1, or remove the line.")]
    [DataRow("ratio: 0.5", "seed: 1.5",
        "pir.yaml:14:13: stages.prune.seed: '1.5' is not a whole number. Give a whole number from -2147483648 to 2147483647.")]
    [DataRow("folder: out", "folder: out\n  shardRows: 0",
        "pir.yaml:6:14: output.shardRows: 0 is not in 1..2147483647. Give a whole number from 1 to 2147483647.")]
    [DataRow("folder: out", "folder: [out]", "pir.yaml:5:11: output.folder: a list is not a text. Give a text.")]
    [DataRow("files: traces.jsonl", "files: a.jsonl\n  leaveOutUnsupported: yes",
        "pir.yaml:4:24: input.leaveOutUnsupported: 'yes' is not a truth value. Give true or false.")]
    [DataRow("files: traces.jsonl", "files: [a.jsonl, {b: c}]", "pir.yaml:3:20: input.files: a map is not a text. Give a list of texts.")]
    [DataRow("files: traces.jsonl", "files: [a.jsonl, '']", "pir.yaml:3:20: input.files: an entry is empty. Give a text, or remove it.")]
    [DataRow("files: traces.jsonl", "files: []", "pir.yaml:3:10: input.files: the list is empty. Give at least one.")]
    [DataRow("files: traces.jsonl", "files: {a: b}", "pir.yaml:3:10: input.files: a map is not a list of texts. Give a list of texts.")]
    [DataRow("- adapt", "- adapt:\n      map: [a]", "pir.yaml:11:12: stages.adapt.map: a list is not a map of texts. Give a map of texts.")]
    [DataRow("- adapt", "- adapt:\n      map: {question: [a]}", "pir.yaml:11:23: stages.adapt.map.question: a list is not a text. Give a text.")]
    public void A_value_of_the_wrong_kind_or_out_of_range_names_its_place_and_what_fits(string part, string by, string error) =>
        Assert.AreEqual(error, Yaml.ErrorsWith(part, by));

    [TestMethod]
    [DataRow("type: onnx", "type: onxx", "pir.yaml:8:11: models.scorer.type: 'onxx' is not one of onnx, openai.")]
    [DataRow("ratio: 0.5", "method: lowest", "pir.yaml:14:15: stages.prune.method: 'lowest' is not one of pir, spirit, rule.")]
    public void An_unknown_choice_is_told_with_all_choices(string part, string by, string error) =>
        Assert.AreEqual(error, Yaml.ErrorsWith(part, by));

    [TestMethod]
    [DataRow("ratio: 0.5", "ration: 0.5", "pir.yaml:14:7: stages.prune.ration: there is no such option. Did you mean 'ratio'?")]
    [DataRow("ratio: 0.5", "cut_off: keep", "pir.yaml:14:7: stages.prune.cut_off: there is no such option. Did you mean 'cutOff'?")]
    [DataRow("folder: out", "folder: out\n  colour: red",
        "pir.yaml:6:3: output.colour: there is no such option. Known are folder, shardRows, shardBytes, engine, rowGroupRows, maxQuarantined.")]
    [DataRow("- segment", "- segment\n  - classify:\n      x: 1", "pir.yaml:13:7: stages.classify.x: there is no such option. Known are teacher, prompt.")]
    [DataRow("name: demo", "nam: demo", "pir.yaml:1:1: nam: there is no such section. Did you mean 'name'?")]
    [DataRow("name: demo", "x: demo", "pir.yaml:1:1: x: there is no such section. Known are name, input, output, models, stages, gates.")]
    [DataRow("- segment", "- segmnt", "pir.yaml:11:5: stages: there is no stage 'segmnt'. Did you mean 'segment'?")]
    [DataRow("- segment", "- 5", "pir.yaml:11:5: stages: there is no stage '5'. Known are adapt, deduplicate, decontaminate, filter-math, filter-code, filter-science, filter-puzzle, segment, classify, prune, judge, rewrite, compress, select-rate, format, mix-chains, bilevel-preferences, stepwise-preferences, length-priming, meta-length, conditioned.")]
    [DataRow("- format", "- select-rate: {rates: {0.5: s}, trainer: {comand: t}}",
        "pir.yaml:15:5: stages.select-rate.trainer.command: missing, but required. The program that trains, and its arguments, with {data}, {out}, "
        + "{base} and {seed} in them.\npir.yaml:15:46: stages.select-rate.trainer.comand: there is no such option. Did you mean 'trainer.command'?")]
    [DataRow("- format", "- select-rate: {rates: {0.5: s}, trainer: t}",
        "pir.yaml:15:5: stages.select-rate.trainer.command: missing, but required. The program that trains, and its arguments, with {data}, {out}, "
        + "{base} and {seed} in them.\npir.yaml:15:45: stages.select-rate.trainer: a value is not a map of options. Write each option below 'trainer:'.")]
    [DataRow("- adapt", "- adapt:\n      map: {querstion: a}",
        "pir.yaml:11:13: stages.adapt.map.querstion: there is no such name. Did you mean 'question'?")]
    public void An_unknown_name_is_told_with_the_closest_known_one(string part, string by, string error) =>
        Assert.AreEqual(error, Yaml.ErrorsWith(part, by));

    [TestMethod]
    [DataRow("ratio: 0.5", "ratio: 0.5\n      ratio: 0.4", "pir.yaml:15:7: stages.prune.ratio: is here twice, first in line 14. Keep one.")]
    [DataRow("name: demo", "name: demo\nname: other", "pir.yaml:2:1: name: is here twice, first in line 1. Keep one.")]
    [DataRow("type: onnx", "type: onnx\n  scorer:\n    type: onnx", "pir.yaml:9:3: models.scorer: is here twice, first in line 7. Keep one.")]
    [DataRow("- format", "- segment", "pir.yaml:15:5: stages.segment: is listed twice. Keep one.")]
    public void A_repeated_name_is_told_with_its_first_place(string part, string by, string error) =>
        Assert.AreEqual(error, Yaml.ErrorsWith(part, by));

    [TestMethod]
    [DataRow("scorer: scorer", "seed: 1",
        "pir.yaml:12:5: stages.prune.scorer: missing, but required. The model, by its name in models, that scores steps and counts tokens.")]
    [DataRow("scorer: scorer", "scorer: ''", "pir.yaml:13:15: stages.prune.scorer: no value is given. Give a text.")]
    [DataRow("type: onnx", "threads: 2", "pir.yaml:7:3: models.scorer.type: missing, but required. The kind of model.")]
    [DataRow("folder: out", "shardRows: 5",
        "pir.yaml:4:1: output.folder: missing, but required. The folder of the result, relative to the job file; on the command line, to the current directory.")]
    [DataRow("output:\n  folder: out\n", "",
        "pir.yaml: output.folder: missing, but required. The folder of the result, relative to the job file; on the command line, to the current directory.")]
    public void A_missing_value_is_told_with_what_it_is_for(string part, string by, string error) =>
        Assert.AreEqual(error, Yaml.ErrorsWith(part, by));

    [TestMethod]
    [DataRow("scorer: scorer", "scorer: scorr", "pir.yaml:13:15: stages.prune.scorer: there is no model 'scorr'. Did you mean 'scorer'?")]
    [DataRow("models:\n  scorer:\n    type: onnx\n", "", "pir.yaml:10:15: stages.prune.scorer: there is no model 'scorer'. Name one in models.")]
    [DataRow("  - segment\n", "", "pir.yaml:11:5: stages.prune: needs the stage segment before it.")]
    [DataRow("  - adapt\n  - segment", "  - segment\n  - adapt",
        "pir.yaml:11:5: stages.adapt: must be the first stage, or come after filters of sources, because the others read what it makes.")]
    [DataRow("- segment", "- segment:\n      maxSentences: 2",
        "pir.yaml:12:21: stages.segment.maxSentences: 2 is less than targetSentences, 3. Give at least as many.")]
    [DataRow("- segment", "- segment:\n      targetSentences: 9",
        "pir.yaml:11:5: stages.segment.maxSentences: 4 is less than targetSentences, 9. Give at least as many.")]
    [DataRow("ratio: 0.5", "prefix: 'Q:'",
        "pir.yaml:14:15: stages.prune.prefix: lacks {question}, so the question would not be in the context. Put it where the question goes.")]
    [DataRow("ratio: 0.5", "scope: corpus\n      method: rule",
        "pir.yaml:14:14: stages.prune.scope: corpus needs scores, which method rule has not. Take solution.")]
    [DataRow("type: onnx", "type: onnx\n    url: http://localhost/v1",
        "pir.yaml:9:10: models.scorer.url: is no option of type onnx. Remove it, or set the other type.")]
    [DataRow("type: onnx", "type: openai\n    url: http://localhost/v1\n    served: m\n    threads: 2",
        "pir.yaml:11:14: models.scorer.threads: is no option of type openai. Remove it, or set the other type.")]
    [DataRow("type: onnx", "type: onnx\n    templateDate: 31.7.2026",
        "pir.yaml:9:19: models.scorer.templateDate: '31.7.2026' is no day. Write it as 2026-07-31.")]
    [DataRow("type: onnx", "type: openai", "pir.yaml:7:3: models.scorer.url: '' is no address. Give the server's, e.g. http://localhost:8000/v1.\n"
        + "pir.yaml:7:3: models.scorer.served: missing, but required. Give the model's name at the server.")]
    [DataRow("  - format", "  - compress: {teacher: scorr, rates: [0.5, 50%]}", "pir.yaml:15:25: stages.compress.teacher: there is no model 'scorr'. "
        + "Did you mean 'scorer'?\npir.yaml:15:39: stages.compress.rates: '50%' is no share of words. Give numbers above 0 and below 1, e.g. 0.5.")]
    [DataRow("  - format", "  - select-rate: {rates: {50%: s}, needed: 4, trainer: {command: [t, '{data}'], base: m}}",
        "pir.yaml:15:26: stages.select-rate.rates: '50%' is no share of words. Give numbers above 0 and below 1, e.g. 0.5.\n"
        + "pir.yaml:15:44: stages.select-rate.needed: 4 is more than repeats, 3. Give at most as many.\n"
        + "pir.yaml:15:66: stages.select-rate.trainer.command: lacks {out}. Put it where the command takes that path.\n"
        + "pir.yaml:15:87: stages.select-rate.trainer.base: trainer.command lacks {base}, so that it would not be what is trained. "
        + "Put {base} where the command takes the model.")]
    [DataRow("  - format", "  - select-rate: {rates: {0.5: }, trainer: {command: [t, '{data} {out}'], predict: [p, '{data}', '{out}']}}",
        "pir.yaml:15:26: stages.select-rate.rates: a rate has no column. Name the column of its chains.\n"
        + "pir.yaml:15:84: stages.select-rate.trainer.predict: lacks {model}. Put it where the command takes that path.")]
    [DataRow("  - format", "  - compress: {rates: [0.5]}", "pir.yaml:15:5: stages.compress.teacher: missing, but required of compressor teacher. "
        + "Name a model, or take compressor self-information.")]
    [DataRow("  - format", "  - compress: {teacher: scorer, method: random, protect: [a], maxSegments: 8}",
        "pir.yaml:15:41: stages.compress.method: is read by compressor self-information alone. Remove it, or take that compressor.\n"
        + "pir.yaml:15:58: stages.compress.protect: is read by compressor self-information alone. Remove it, or take that compressor.\n"
        + "pir.yaml:15:76: stages.compress.maxSegments: is read by compressor self-information alone. Remove it, or take that compressor.")]
    [DataRow("  - format", "  - compress: {compressor: self-information}",
        "pir.yaml:15:5: stages.compress.rates: missing, but required of compressor self-information. Give the shares of words to take out.\n"
        + "pir.yaml:15:5: stages.compress.scorer: missing, but required of compressor self-information. Name the model that scores words.")]
    [DataRow("  - format", "  - compress: {compressor: self-information, scorer: scorer, rates: 0.5, teacher: scorer, retries: 0, seed: 2}",
        "pir.yaml:15:83: stages.compress.teacher: is for a teacher, which compressor self-information does not ask. Remove it, or take compressor teacher.\n"
        + "pir.yaml:15:100: stages.compress.retries: is for a teacher, which compressor self-information does not ask. Remove it, or take compressor teacher.\n"
        + "pir.yaml:15:109: stages.compress.seed: seeds a teacher or method random, and there is neither. Remove it.")]
    [DataRow("  - format", "  - compress: {teacher: scorer, rates: [0.5, 0.502], layout: columns, fallback: prune}",
        "pir.yaml:15:40: stages.compress.rates: layout columns has two rates for the column short_50; leave one out.\n"
        + "pir.yaml:15:81: stages.compress.fallback: prune has no place with layout columns, where the row keeps its own chain; take keep-original or drop.")]
    [DataRow("- format", "- select-rate: {rates: {0.5: s, 0.50: t}, outputColumn: rate, trainer: {command: [t, '{data}', '{out}'], out: 'az://a/b'}}",
        "pir.yaml:15:26: stages.select-rate.rates: 0.5 and 0.50 are one rate. Keep one.\n"
        + "pir.yaml:15:59: stages.select-rate.outputColumn: 'rate' is a column that the stage writes beside it. Give another name.\n"
        + "pir.yaml:15:113: stages.select-rate.trainer.out: 'az://a/b' is no local folder, which commands need. Give one.")]
    [DataRow("- format", "- conditioned: {levelColumns: [a, b, c, d, e, f, g]}",
        "pir.yaml:15:33: stages.conditioned.levelColumns: 7 columns are named, but there are 6 levels. Give at most as many.")]
    [DataRow("- format", "- length-priming: {template: 'Keep {keep}'}",
        "pir.yaml:15:32: stages.length-priming.template: lacks {text}. Put it where its value goes.")]
    [DataRow("- format", "- conditioned: {answerPhrase: So., levelCondition: Level}",
        "pir.yaml:15:33: stages.conditioned.answerPhrase: lacks {answer}. Put it where its value goes.\n"
        + "pir.yaml:15:54: stages.conditioned.levelCondition: lacks {level}. Put it where its value goes.")]
    [DataRow("- format", "- bilevel-preferences: {groupPairs: -1}", "pir.yaml:15:39: stages.bilevel-preferences.groupPairs: -1 is not in 0..2147483647. "
        + "Give a whole number from 0 to 2147483647.")]
    [DataRow("  scorer:\n", "  a.b:\n    type: onnx\n  scorer:\n", "pir.yaml:7:3: models.a.b: not a name for a model. Take letters, digits, '-' and '_'.")]
    public void Options_that_do_not_fit_together_are_told(string part, string by, string error) =>
        Assert.AreEqual(error, Yaml.ErrorsWith(part, by));

    [TestMethod]
    public void A_scorer_of_words_on_a_server_needs_a_tokenizer() => Assert.AreEqual(
        "pir.yaml:4:3: models.m.tokenizer: missing, but required of a scorer of words on a server. Give the folder of the served model's tokenizer.json.",
        Yaml.Errors("""
            input: {files: a}
            output: {folder: b}
            models:
              m: {type: openai, url: "http://localhost/v1", served: m, contextLength: 99}
            stages: [compress: {compressor: self-information, scorer: m, rates: 0.5}]
            """));

    [TestMethod]
    [DataRow("ratio: 0.5", "\tratio: 0.5", "pir.yaml:14:7: a tab indents this line. Indent with spaces; YAML takes no tabs.")]
    [DataRow("ratio: 0.5", "ratio: 'abc", "pir.yaml:14:14: not valid YAML: While scanning a quoted scalar, found unexpected end of stream.")]
    [DataRow("name: demo", "name: [x", "pir.yaml:1:7: not valid YAML: what follows cannot be read; perhaps a quote or bracket is not closed.")]
    [DataRow("name: demo", "name: a: b", "pir.yaml:1:8: not valid YAML: While scanning a plain scalar value, found invalid mapping.")]
    [DataRow("ratio: 0.5", "ratio: *x", "pir.yaml:14:14: not valid YAML: *x stands for nothing before it.")]
    [DataRow("name: demo", "? [a]\n: b", "pir.yaml:1:3: not valid YAML: a key must be a plain name.")]
    [DataRow("name: demo", "name: demo\n---\na: b", "pir.yaml:2:1: not valid YAML: a second document starts here; a job file has one.")]
    public void Broken_yaml_is_told_with_its_place(string part, string by, string error) =>
        Assert.AreEqual(error, Yaml.ErrorsWith(part, by));

    [TestMethod]
    [DataRow("stages: []", "pir.yaml:2:9: stages: no stage is listed. List at least one of adapt, deduplicate, decontaminate, filter-math, filter-code, filter-science, filter-puzzle, segment, classify, prune, judge, rewrite, compress, select-rate, format, mix-chains, bilevel-preferences, stepwise-preferences, length-priming, meta-length, conditioned.")]
    [DataRow("stages:", "pir.yaml:2:8: stages: no stage is listed. List at least one of adapt, deduplicate, decontaminate, filter-math, filter-code, filter-science, filter-puzzle, segment, classify, prune, judge, rewrite, compress, select-rate, format, mix-chains, bilevel-preferences, stepwise-preferences, length-priming, meta-length, conditioned.")]
    [DataRow("stages: {adapt: }", "pir.yaml:2:9: stages: a map is not a list. Put '- ' before each stage.")]
    [DataRow("stages: [adapt, [a]]", "pir.yaml:2:17: stages: an entry names one stage. Write '- name:' and indent its options below the name.")]
    [DataRow("stages: [{adapt: , source: a}]", "pir.yaml:2:10: stages: an entry names one stage. Write '- name:' and indent its options below the name.")]
    [DataRow("stages: [adapt]\nmodels: [a]", "pir.yaml:3:9: models: a list is not a map of models. Write each as 'name:' with its options below.")]
    [DataRow("stages: [adapt: [a]]",
        "pir.yaml:2:17: stages.adapt: a list is not a map of options. Write each option as 'name: value' in a line of its own.")]
    public void A_section_of_the_wrong_form_is_told(string section, string error) =>
        Assert.AreEqual(error, Yaml.Errors($"input: {{files: a}}\n{section}\noutput: {{folder: b}}"));

    [TestMethod]
    [DataRow("", "pir.yaml:1:1: the file is empty. A job has name, input, output, models, stages, gates.")]
    [DataRow("# only a comment\n", "pir.yaml:1:1: the file is empty. A job has name, input, output, models, stages, gates.")]
    [DataRow("hello", "pir.yaml:1:1: a value is not a job. A job has name, input, output, models, stages, gates.")]
    [DataRow("- a", "pir.yaml:1:1: a list is not a job. A job has name, input, output, models, stages, gates.")]
    public void A_file_that_holds_no_job_says_what_a_job_has(string yaml, string error) => Assert.AreEqual(error, Yaml.Errors(yaml));

    [TestMethod]
    public void All_errors_of_a_file_are_told_at_once_in_its_order() => Assert.AreEqual(
        """
        pir.yaml:6:3: output.colour: there is no such option. Known are folder, shardRows, shardBytes, engine, rowGroupRows, maxQuarantined.
        pir.yaml:9:11: models.scorer.type: 'torch' is not one of onnx, openai.
        pir.yaml:15:14: stages.prune.ratio: 2 is not in 0..1. Give a number from 0 to 1.
        """,
        Yaml.Errors(Yaml.Right.Replace("ratio: 0.5", "ratio: 2", StringComparison.Ordinal)
            .Replace("type: onnx", "type: torch", StringComparison.Ordinal)
            .Replace("folder: out", "folder: out\n  colour: red", StringComparison.Ordinal)));

    [TestMethod]
    public void A_file_that_is_not_there_is_told_with_where_it_was_looked_for() => Assert.AreEqual(
        $"no/pir.yaml: there is no such file (looked from '{Environment.CurrentDirectory}'). Check the path.",
        Assert.ThrowsExactly<PipelineException>(() => Job.Load("no/pir.yaml")).Message);

    [TestMethod]
    public void A_file_that_is_not_utf8_is_refused()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        File.WriteAllBytes(path, [0x6E, 0xFF, 0xFE]);
        try
        {
            Assert.StartsWith($"{path}: cannot be read: ", Assert.ThrowsExactly<PipelineException>(() => Job.Load(path)).Message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestMethod]
    public void A_hostile_depth_is_refused_instead_of_overflowing_the_stack() => Assert.AreEqual(
        "pir.yaml:1:57: not valid YAML: more than 50 levels deep.", Yaml.Errors("name: " + new string('[', 100_000)));

    [TestMethod]
    public void Whatever_is_broken_in_a_file_the_error_is_a_configuration_error()
    {
        var texts = Gen.Elements("\t", "[", "{", "'", "\"", ":", "- ", "\n", "*a", "&a ", "|", "#", "!", "%", "\0", "é\ud800");
        var changes = Gen.Choose(0, Yaml.Right.Length - 1).SelectMany(at => texts.Select(text => Yaml.Right.Insert(at, text)));
        Prop.ForAll(changes.ToArbitrary(), IsReadOrRefused).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

        static bool IsReadOrRefused(string yaml)
        {
            try
            {
                return Yaml.Read(yaml).Stages.Count > 0;
            }
            catch (PipelineException exception)
            {
                return exception.Code == ErrorCode.Configuration;
            }
        }
    }
}
