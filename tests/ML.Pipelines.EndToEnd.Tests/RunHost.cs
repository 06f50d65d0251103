using System.Diagnostics;
using System.Security.Cryptography;
using ML.Pipelines.Runs.Stores;

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
        // It lives for a second: counting how often which code runs costs it a fifth of its time, and pays only later.
        Environment = { ["DOTNET_TieredPGO"] = "0" },
    };

    public static Result Wait(Process process)
    {
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit();
        return new(process.ExitCode, output.Result, error.Result);
    }

    /// <summary>The hashes of all files of an output; see <see cref="Files(IRunStore)"/>.</summary>
    public static SortedDictionary<string, string> Files(string output) => Files(new LocalRunStore(output));

    /// <summary>The hashes of all files of an output, half-written ones included; without the locks and the division, which stay.</summary>
    public static SortedDictionary<string, string> Files(IRunStore store) =>
        new(store.List("").Concat(store.Leftovers()).Select(file => file.Name)
            .Where(name => !name.StartsWith(".mlpipe/locks/", StringComparison.Ordinal) && name != ".mlpipe/slices")
            .ToDictionary(name => name, name => Convert.ToHexStringLower(SHA256.HashData(store.Read(name) ?? []))), StringComparer.Ordinal);

    public sealed record Result(int ExitCode, string Output, string Error);
}
