using System.CommandLine;
using ML.Pipelines.Cli.Display;
using ML.Pipelines.Runs;
using ML.Pipelines.Runs.Stores;

namespace ML.Pipelines.Cli.Commands;

/// <summary><c>mlpipe clean</c>: what runs that died left behind.</summary>
internal static class CleanCommand
{
    public static Command Create()
    {
        var delete = new Option<bool>("--delete") { Description = "Removes the files; without it they are only listed." };
        return RunFolderArgument.Command("clean", "Lists files that no run needs: half-written ones, journals of sealed shards, shards of no plan.",
            (store, result) => Run(store, result.GetValue(delete)), delete);
    }

    private static int Run(IRunStore store, bool delete)
    {
        var orphans = RunOrphans.Find(new RunFolder(store), delete);
        foreach (var orphan in orphans) Console.WriteLine($"{TerminalText.Clean(store.Describe(orphan.Name))}  {Numbers.Count(orphan.Bytes)} bytes");
        Console.WriteLine(orphans.Count == 0 ? "Nothing to clean." : $"{orphans.Count} files, {Numbers.Count(orphans.Sum(orphan => orphan.Bytes))} bytes"
            + (delete ? " removed." : "; --delete removes them."));
        return ExitCode.Done;
    }
}
