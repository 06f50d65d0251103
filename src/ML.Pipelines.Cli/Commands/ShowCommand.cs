using System.CommandLine;
using ML.Pipelines.Cli.Display;
using Spectre.Console;

namespace ML.Pipelines.Cli.Commands;

/// <summary>Which trace is shown, and how.</summary>
/// <param name="Id">The trace's id; null: by row.</param>
/// <param name="Row">The trace's number among those of the run, from 1.</param>
/// <param name="RemovedOnly">Whether only removed steps are shown.</param>
/// <param name="Plain">Whether to do without colours on a terminal, too.</param>
public sealed record ShowOptions(string? Id = null, int Row = 1, bool RemovedOnly = false, bool Plain = false);

/// <summary><c>mlpipe show</c>: one trace of a finished run, with what became of each step.</summary>
public static class ShowCommand
{
    private const int MostExamples = 5;

    /// <summary>The command.</summary>
    /// <param name="open">Opens the run in a folder.</param>
    public static Command Create(Func<string, IRunReader> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        var folder = RunFolderArgument.Create();
        var id = new Option<string?>("--id") { Description = "The id of the trace." };
        var row = new Option<int>("--row") { Description = "The number of the trace, from 1.", DefaultValueFactory = _ => 1 };
        var removedOnly = new Option<bool>("--removed-only") { Description = "Show only removed steps." };
        var plain = new Option<bool>("--plain")
        { Description = "No colours; removed text in [- and -]. So it is, too, where the output is no terminal." };
        var command = new Command("show", "Shows a trace of a finished run: each step's category, importance and fate.")
            { folder, id, row, removedOnly, plain };
        command.SetAction(result => Run(
            open(result.GetRequiredValue(folder)),
            new ShowOptions(result.GetValue(id), result.GetValue(row), result.GetValue(removedOnly), result.GetValue(plain)),
            AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(result.InvocationConfiguration.Output) }),
            result.InvocationConfiguration.Error));
        return command;
    }

    /// <summary>Shows a trace.</summary>
    /// <returns>One of <see cref="ExitCode"/>: bad input where the run has no such trace.</returns>
    public static int Run(IRunReader reader, ShowOptions options, IAnsiConsole console, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(error);
        if (Find(reader, options) is not { } trace)
        {
            error.WriteLine(Missing(reader, options));
            return ExitCode.BadInput;
        }
        // Lines of plain text are not folded, so that a diff or a search finds them whole.
        if (options.Plain || !console.Profile.Out.IsTerminal) console.Profile.Out.Writer.Write(TraceView.Plain(trace, options.RemovedOnly));
        else console.Write(TraceView.Rich(trace, options.RemovedOnly));
        return ExitCode.Done;
    }

    private static RunTrace? Find(IRunReader reader, ShowOptions options)
    {
        var id = options.Id ?? (options.Row > 0 ? reader.Ids.ElementAtOrDefault(options.Row - 1) : null);
        return id is null ? null : reader.Find(id);
    }

    private static string Missing(IRunReader reader, ShowOptions options)
    {
        var known = string.Join(", ", reader.Ids.Take(MostExamples + 1).Select(TerminalText.Clean)
            .Select((id, index) => index < MostExamples ? id : "…"));
        return options.Id is { } id
            ? $"--id: the run has no trace '{TerminalText.Clean(id)}'. Its ids are {known}."
            : $"--row: {options.Row} is not in 1..{reader.Ids.LongCount()}, the traces of the run.";
    }
}
