using System.CommandLine;
using System.Text.Json;
using ML.Pipelines.Cli.Commands;
using ML.Pipelines.Cli.Tests.Evaluation;
using ML.Pipelines.OnnxRuntime;

namespace ML.Pipelines.Cli.Tests.Commands;

[TestClass]
public sealed class ModelCommandTests
{
    [TestMethod]
    public void Info_tells_what_the_bundled_model_is_and_where_its_card()
    {
        var output = Run(ExitCode.Done, "info");
        var description = OnnxModelDescription.Read(OnnxModel.Bundled);
        foreach (var file in description.Files) StringAssert.Contains(output, file.Sha256);
        StringAssert.Contains(output, description.Parameters.ToString("N0", System.Globalization.CultureInfo.InvariantCulture));
        StringAssert.Contains(output, "16,384");
        StringAssert.Contains(output, "of chosen positions");
        StringAssert.Contains(output, "Checked: ");
        StringAssert.Contains(output, "mlpipe model info --card");
    }

    [TestMethod]
    public void The_card_is_the_bundled_models()
    {
        Assert.AreEqual(OnnxModel.BundledCard, Run(ExitCode.Done, "info", "--card"));
        Assert.AreEqual(ErrorCode.Configuration, Fault("info", "--card", "--model", "elsewhere").Code);
    }

    [TestMethod]
    public void A_folder_without_a_model_is_refused_with_its_name()
    {
        var fault = Fault("info", "--model", "no-such-folder");
        Assert.AreEqual(ExitCode.BadInput, ExitCode.Of(fault));
        StringAssert.Contains(fault.Message, "no-such-folder");
    }

    [TestMethod]
    public void Eval_writes_a_table_a_part_and_all_figures_as_json()
    {
        using var folder = new EvaluationFolder();
        var json = folder.PathOf("figures.json");
        var output = Run(ExitCode.Done, "eval", "--data", folder.Folder, "--chains", folder.PathOf("chains.jsonl"), "--json", json,
            "--threads", "1");
        using var document = JsonDocument.Parse(File.ReadAllText(json));
        Assert.AreEqual("bundled", document.RootElement.GetProperty("model").GetProperty("name").GetString());
        var figures = document.RootElement.GetProperty("figures").EnumerateArray().ToArray();
        CollectionAssert.AreEqual(new[] { "scorer", "gsm8k", "text", "long", "tasks", "chains" },
            figures.Select(figure => figure.GetProperty("part").GetString()).Distinct().ToArray());
        foreach (var figure in figures) StringAssert.Contains(output, figure.GetProperty("name").GetString());
        StringAssert.Contains(output, $"{figures.Length} figures of model bundled");
    }

    [TestMethod]
    public void A_bad_row_ends_eval_before_the_model_is_loaded_as_bad_input_with_its_place()
    {
        using var folder = new EvaluationFolder();
        folder.Write("prompts.jsonl", EvaluationFolder.Prompt, "{}");
        var fault = Fault("eval", "--data", folder.Folder, "--model", "no-such-folder");
        Assert.AreEqual(ExitCode.BadInput, ExitCode.Of(fault));
        StringAssert.Contains(fault.Message, "prompts.jsonl:2: lacks 'id'");
    }

    [TestMethod]
    public void Eval_without_anything_to_measure_is_bad_input() =>
        Assert.AreEqual(ExitCode.BadInput, ExitCode.Of(Fault("eval")));

    [TestMethod]
    [DataRow("--only", "scorer,sing", "there is no part 'sing'")]
    [DataRow("--limit", "0", "--limit is 0")]
    public void Eval_refuses_an_option_that_means_nothing(string option, string value, string text)
    {
        var fault = Fault("eval", "--data", ".", option, value);
        Assert.AreEqual(ErrorCode.Configuration, fault.Code);
        StringAssert.Contains(fault.Message, text);
    }

    private static string Run(int code, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.AreEqual(code, Invoke(arguments, output, error), error.ToString());
        return output.ToString();
    }

    private static PipelineException Fault(params string[] arguments) =>
        Assert.ThrowsExactly<PipelineException>(() => Invoke(arguments, TextWriter.Null, TextWriter.Null));

    private static int Invoke(string[] arguments, TextWriter output, TextWriter error) => ModelCommand.Create().Parse(arguments)
        .Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
}
