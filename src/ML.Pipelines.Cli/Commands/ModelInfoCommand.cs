using System.CommandLine;
using System.Globalization;
using ML.Pipelines.Cli.Display;
using ML.Pipelines.OnnxRuntime;
using Spectre.Console;

namespace ML.Pipelines.Cli.Commands;

/// <summary><c>mlpipe model info</c>.</summary>
internal static class ModelInfoCommand
{
    private const string Unknown = "not in config.json";

    public static Command Create()
    {
        var name = ModelCommand.ModelOption();
        var card = new Option<bool>("--card") { Description = "Write the bundled model's card instead." };
        var command = new Command("info", "Tells what a model is: its size, files and their SHA-256, context, and the time to load it.")
            { name, card };
        command.SetAction(result => Run(result.GetRequiredValue(name), result.GetValue(card), result.InvocationConfiguration.Output));
        return command;
    }

    private static int Run(string name, bool card, TextWriter output)
    {
        if (card) WriteCard(name, output);
        else Write(ModelName.Open(name), output);
        return ExitCode.Done;
    }

    private static void WriteCard(string name, TextWriter output)
    {
        if (name != ModelName.Bundled)
            throw new PipelineException(ErrorCode.Configuration,
                $"--card: mlpipe has only the card of the bundled model; look for README.md in {name}.");
        output.Write(OnnxModel.BundledCard);
    }

    private static void Write(OnnxModel model, TextWriter output)
    {
        var description = OnnxModelDescription.Read(model);
        var start = TimeProvider.System.GetTimestamp();
        using var scorer = OnnxLanguageScorer.Create(model, new() { Provider = OnnxProvider.Cpu });
        var loading = TimeProvider.System.GetElapsedTime(start);
        var console = ModelCommand.Console(output);
        console.Write(Properties(scorer, description, loading));
        console.Write(Files(description));
        if (model.IsChecked)
            output.WriteLine("Checked: the files have the SHA-256 that were published with this version; so whenever they are read.\n"
                + "The model card, with its figures and what it is not for: mlpipe model info --card");
    }

    private static Table Properties(OnnxLanguageScorer scorer, OnnxModelDescription description, TimeSpan loading)
    {
        var table = PlainTable.New("model", TerminalText.Clean(scorer.Info.Name));
        PlainTable.Add(table, "parameters", Numbers.Count(description.Parameters));
        PlainTable.Add(table, "vocabulary", Numbers.Count(scorer.Tokenizer.VocabularySize));
        PlainTable.Add(table, "layers", Count(description.Layers));
        PlainTable.Add(table, "heads", Count(description.Heads));
        PlainTable.Add(table, "key-value heads", Count(description.KeyValueHeads));
        PlainTable.Add(table, "width", Count(description.Width));
        PlainTable.Add(table, "context", Numbers.Count(scorer.Info.ContextLength));
        PlainTable.Add(table, "key-value cache", scorer.Session.Signature.HasCache ? "yes" : "no: every pass is a whole one");
        PlainTable.Add(table, "logits",
            scorer.LogitSelectionFault is { } fault ? $"of all positions: {fault}" : "of chosen positions");
        PlainTable.Add(table, "load time", string.Create(CultureInfo.InvariantCulture, $"{loading.TotalMilliseconds:0} ms"));
        return table;
    }

    private static Table Files(OnnxModelDescription description)
    {
        var table = PlainTable.New("file", "bytes", "SHA-256");
        foreach (var file in description.Files) PlainTable.Add(table, file.Name, Numbers.Count(file.Bytes), file.Sha256);
        return table;
    }

    private static string Count(int? number) => number is { } known ? Numbers.Count(known) : Unknown;
}
