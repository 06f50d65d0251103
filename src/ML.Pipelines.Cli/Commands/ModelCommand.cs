using System.CommandLine;
using ML.Pipelines.OnnxRuntime;
using Spectre.Console;

namespace ML.Pipelines.Cli.Commands;

/// <summary><c>mlpipe model</c>: what a model is and how good it is.</summary>
public static class ModelCommand
{
    private const int LeastWidth = 160;

    /// <summary>The command.</summary>
    public static Command Create() =>
        new("model", "Describes a model, or measures it.") { ModelInfoCommand.Create(), ModelEvalCommand.Create() };

    /// <summary>The option that names a model.</summary>
    internal static Option<string> ModelOption() => new("--model", "-m")
    {
        Description = "A model folder (ONNX graph, tokenizer.json), or 'bundled' for the model that ships with mlpipe.",
        DefaultValueFactory = _ => ModelName.Bundled,
    };

    /// <summary>The output as a console that does not fold tables in a log.</summary>
    internal static IAnsiConsole Console(TextWriter output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        if (!console.Profile.Out.IsTerminal) console.Profile.Width = Math.Max(console.Profile.Width, LeastWidth);
        return console;
    }
}

/// <summary>What a command line calls a model.</summary>
internal static class ModelName
{
    /// <summary>The bundled model's name.</summary>
    public const string Bundled = "bundled";

    /// <summary>The model of a name.</summary>
    /// <exception cref="PipelineException">With <see cref="ErrorCode.DamagedModel"/>: there is none.</exception>
    public static OnnxModel Open(string name) => name == Bundled ? OnnxModel.Bundled : OnnxModel.FromFolder(name);
}
