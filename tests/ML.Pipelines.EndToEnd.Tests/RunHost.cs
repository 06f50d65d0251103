using System.Diagnostics;
using ML.Pipelines.Runs;

namespace ML.Pipelines.EndToEnd.Tests;

/// <summary>A run as a process of its own.</summary>
internal static class RunHost
{
    /// <summary>Starts a run; see the program for its arguments.</summary>
    public static Process Start(string input, string output, ScoreServer server, params string[] arguments) =>
        Process.Start(Command(input, output, server, arguments))!;

    public static ProcessStartInfo Command(string input, string output, ScoreServer server, params string[] arguments) => new("dotnet",
        [Path.Combine(AppContext.BaseDirectory, "ML.Pipelines.RunHost.dll"), input, output, server.Address.ToString(), .. arguments])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };

    public static Result Wait(Process process)
    {
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit();
        return new(process.ExitCode, output.Result, error.Result);
    }

    /// <summary>The hashes of all files of an output; without the locks and the division, which stay.</summary>
    public static SortedDictionary<string, string> Files(string output) =>
        new(Directory.GetFiles(output, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(output, file))
            .Where(file => !file.StartsWith(".mlpipe/locks/", StringComparison.Ordinal) && file != ".mlpipe/slices")
            .ToDictionary(file => file, file => PlanInput.Of(Path.Combine(output, file)).Sha256), StringComparer.Ordinal);

    public sealed record Result(int ExitCode, string Output, string Error);
}
