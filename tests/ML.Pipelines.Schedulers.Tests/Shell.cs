using System.Diagnostics;
using System.Reflection;

namespace ML.Pipelines.Schedulers.Tests;

/// <summary>Programs that a test starts and waits for.</summary>
internal static class Shell
{
    private static readonly Dictionary<string, string> NoVariables = [];

    /// <summary>A path that the project file hands on: <c>MlPipe</c> or <c>NodeTools</c>.</summary>
    public static string PathOf(string name) =>
        typeof(Shell).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == name).Value!;

    /// <summary>Runs a program in a folder, with variables on top of this process's.</summary>
    public static Result Run(string folder, IReadOnlyDictionary<string, string>? variables, string program, params string[] arguments)
    {
        using var process = Start(folder, variables ?? NoVariables, program, arguments);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit();
        return new(process.ExitCode, output.Result, error.Result);
    }

    /// <summary>Writes a shell script that can be called by its path.</summary>
    public static string Script(string path, string text)
    {
        File.WriteAllText(path, "#!/bin/sh\n" + text.ReplaceLineEndings("\n"));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    private static Process Start(string folder, IReadOnlyDictionary<string, string> variables, string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in variables) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public sealed record Result(int ExitCode, string Output, string Error)
    {
        public Result Expect(int exitCode)
        {
            Assert.AreEqual(exitCode, ExitCode, Output + Error);
            return this;
        }
    }
}
