using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace ML.Pipelines.Training;

/// <summary>A command that runs to its end with its output in a log.</summary>
internal static class ExternalProcess
{
    /// <summary>The lines of a log that a message shows.</summary>
    private const int TailLines = 15;

    private const int TailBytes = 4096;

    /// <summary>How long output is waited for after the end: what a command leaves running may hold the pipes open.</summary>
    private static readonly TimeSpan OutputGrace = TimeSpan.FromSeconds(2);

    /// <summary>A scheduler's signal reaches the command and this process in any order: a stop that comes as long after the end is
    /// its cause, even where the command saved what it had and ended well.</summary>
    private static readonly TimeSpan StopGrace = TimeSpan.FromMilliseconds(500);

    /// <summary>Runs a command in the current directory and environment, without input.</summary>
    /// <param name="parts">The program and its arguments.</param>
    /// <param name="option">What a user calls the command.</param>
    /// <param name="log">The file that takes its output, in place of an earlier one.</param>
    /// <param name="cancellationToken">Kills the command with all that it started.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>: it cannot be started;
    /// <see cref="ErrorCode.TrainingFailed"/>: it ended with another exit code than 0.</exception>
    public static async Task RunAsync(IReadOnlyList<string> parts, string option, string log, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var exitCode = await ExitCodeAsync(parts, option, log, cancellationToken).ConfigureAwait(false);
        await Task.Delay(StopGrace, cancellationToken).ConfigureAwait(false);
        if (exitCode == 0) return;
        throw new PipelineException(ErrorCode.TrainingFailed,
            $"{option}: '{string.Join(' ', parts)}' ended with exit code {exitCode}. {Tail(log)} The whole output is in '{log}'. Correct "
                + "the command or what it runs, and run again: what is finished is kept.");
    }

    /// <summary>The last lines of a log, as a sentence of a message.</summary>
    public static string Tail(string log)
    {
        using var stream = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Seek(-Math.Min(TailBytes, stream.Length), SeekOrigin.End);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var lines = reader.ReadToEnd().Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length == 0 ? "It wrote nothing." : $"It wrote last:\n{string.Join('\n', lines.TakeLast(TailLines))}\n";
    }

    private static async Task<int> ExitCodeAsync(
        IReadOnlyList<string> parts, string option, string log, CancellationToken cancellationToken)
    {
        var file = new FileStream(log, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        await using var closed = file.ConfigureAwait(false);
        using var process = Start(parts, option);
        process.StandardInput.Close();
        using var writing = new SemaphoreSlim(1);
        using var killed = cancellationToken.Register(() => Kill(process));
        using var reading = new CancellationTokenSource();
        var output = Task.WhenAll(LogAsync(process.StandardOutput.BaseStream), LogAsync(process.StandardError.BaseStream));
        await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        reading.CancelAfter(OutputGrace);
        await output.ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return process.ExitCode;

        async Task LogAsync(Stream from)
        {
            try
            {
                await CopyAsync(from, file, writing, reading.Token).ConfigureAwait(false);
            }
            catch (IOException)
            {
                // A command whose output nobody reads would wait forever.
                Kill(process);
                throw;
            }
        }
    }

    private static Process Start(IReadOnlyList<string> parts, string option)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(parts[0], parts.Skip(1))
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (ExternalException fault)
        {
            throw new PipelineException(ErrorCode.Configuration,
                $"{option}: '{parts[0]}' cannot be started: {fault.Message}. Name a program that is installed here, or its full path.",
                fault);
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception fault) when (fault is InvalidOperationException or ExternalException or AggregateException)
        {
            // It ended by itself, or what it started did.
        }
    }

    private static async Task CopyAsync(Stream from, FileStream log, SemaphoreSlim writing, CancellationToken cancellationToken)
    {
        var buffer = new byte[TailBytes];
        try
        {
            for (int read; (read = await from.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
            {
                await writing.WaitAsync(CancellationToken.None).ConfigureAwait(false);
                try
                {
                    await log.WriteAsync(buffer.AsMemory(0, read), CancellationToken.None).ConfigureAwait(false);
                    await log.FlushAsync(CancellationToken.None).ConfigureAwait(false);
                }
                finally
                {
                    writing.Release();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The command is over; who still holds the pipe is not waited for.
        }
    }
}
