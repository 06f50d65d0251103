using Azure.Core.Pipeline;

namespace ML.Pipelines.Azure.Tests;

/// <summary>One emulator for all tests that leave it running. Every test has a container of its own.</summary>
[TestClass]
public static class SharedAzurite
{
    private static readonly Lazy<Azurite> Started = new(Azurite.Started);

    internal static Azurite Instance => Started.Value;

    [AssemblyCleanup]
    public static void Stop()
    {
        if (Started.IsValueCreated) Instance.Dispose();
    }

    internal static string NewLocation(string prefix = "") =>
        $"azure://{Azurite.Account}/test-{Guid.NewGuid():N}{(prefix.Length == 0 ? "" : "/")}{prefix}";

    /// <summary>Options that see nothing of this process's environment.</summary>
    private static AzureRunStoreOptions Options(HttpPipelineTransport? transport, TimeSpan? patience, TimeProvider? time) => new()
    {
        ConnectionString = Instance.ConnectionString,
        Variable = _ => null,
        Transport = transport,
        Patience = patience ?? TimeSpan.FromSeconds(30),
        Time = time ?? TimeProvider.System,
    };

    internal static AzureRunStore Open(string location, HttpPipelineTransport? transport = null, TimeSpan? patience = null,
        TimeProvider? time = null) => AzureRunStore.Open(location, Options(transport, patience, time));
}
