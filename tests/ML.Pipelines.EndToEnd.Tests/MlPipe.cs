using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ML.Pipelines.EndToEnd.Tests;

/// <summary>The command line as a child process, as a scheduler starts it.</summary>
internal sealed class MlPipe : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private MlPipe(Action<ProcessStartInfo>? change, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        change?.Invoke(start);
        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _error = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>The program as it is built for users: beside the tests it would lack what their framework brings along.</summary>
    public static string Program { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "ML.Pipelines.Cli",
        Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "mlpipe.dll"));

    public static string Job => Path.Combine(AppContext.BaseDirectory, "pipelines", "pir.yaml");

    public static Result Run(params string[] arguments)
    {
        using var started = new MlPipe(null, arguments);
        return started.Wait();
    }

    public static MlPipe Start(params string[] arguments) => new(null, arguments);

    /// <summary>Starts it with something changed, such as its environment.</summary>
    public static MlPipe Start(Action<ProcessStartInfo> change, params string[] arguments) => new(change, arguments);

    /// <summary>The arguments that run the PIR job on a file into a folder.</summary>
    public static string[] RunArguments(string input, string output, params string[] set) =>
        ["run", Job, "--input", input, "--output", output, .. set.SelectMany(value => new[] { "--set", value })];

    public void Kill() => _process.Kill();

    public void Terminate() => Assert.AreEqual(0, SendSignal(_process.Id, 15));

    public Result Wait()
    {
        _process.WaitForExit();
        return new(_process.ExitCode, _output.Result, _error.Result);
    }

    public void Dispose() => _process.Dispose();

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);

    public sealed record Result(int ExitCode, string Output, string Error)
    {
        public Result Expect(int exitCode)
        {
            Assert.AreEqual(exitCode, ExitCode, Output + Error);
            return this;
        }
    }
}
