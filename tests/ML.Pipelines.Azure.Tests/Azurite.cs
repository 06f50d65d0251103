using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using ML.Pipelines.Tests.Traces;

namespace ML.Pipelines.Azure.Tests;

/// <summary>Microsoft's emulator of Azure Storage, on a free port of this machine. It answers when it is started.</summary>
internal sealed partial class Azurite : IDisposable
{
    public const string Account = "devstoreaccount1";

    /// <summary>The emulator's key, which everyone knows.</summary>
    public const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private const int Terminate = 15;

    // A cold start on a busy machine; a start that fails ends at once.
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("ml-pipelines-azurite-").FullName;
    private readonly int _port = FreePort();
    private Process? _process;

    private Azurite() => Start();

    public Uri Endpoint => new($"http://127.0.0.1:{_port}/{Account}");

    public string ConnectionString => $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint={Endpoint};";

    /// <exception cref="AssertFailedException">It is not installed, or does not start.</exception>
    public static Azurite Started() => new();

    public void Start()
    {
        var script = Path.Combine(Repository.Root, "eng/.tools/node/node_modules/azurite/dist/src/blob/main.js");
        if (!File.Exists(script)) Assert.Fail("Azurite is not installed. Run eng/test.sh, or eng/setup-node.sh azurite@3.37.0.");
        string[] arguments = [script, "--blobHost", "127.0.0.1", "--blobPort", $"{_port}", "--location", _folder, "--silent",
            "--skipApiVersionCheck", "--disableTelemetry"];
        _process = Process.Start(new ProcessStartInfo("node", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var ready = new TaskCompletionSource();
        var output = new List<string?>();
        _process.OutputDataReceived += (_, line) => Heard(line.Data);
        _process.ErrorDataReceived += (_, line) => Heard(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        if (!ready.Task.Wait(Timeout)) Assert.Fail("Azurite does not answer: " + string.Join('\n', output));

        void Heard(string? line)
        {
            lock (output) output.Add(line);
            if (line is null) ready.TrySetException(new AssertFailedException("Azurite ended: " + string.Join('\n', output)));
            else if (line.Contains("successfully listens", StringComparison.Ordinal)) ready.TrySetResult();
        }
    }

    /// <summary>Stops it as a machine is shut down: what it answered is there when it is started again.</summary>
    public void Stop()
    {
        if (_process is null) return;
        if (OperatingSystem.IsWindows()) _process.Kill();
        else Assert.AreEqual(0, Signal(_process.Id, Terminate));
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            _process.WaitForExit();
        }
        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
