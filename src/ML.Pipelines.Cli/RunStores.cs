using System.Collections.Concurrent;
using ML.Pipelines.Azure;
using ML.Pipelines.Runs.Stores;

namespace ML.Pipelines.Cli;

/// <summary>The store of an output's location.</summary>
internal static class RunStores
{
    private static readonly ConcurrentDictionary<string, IRunStore> Opened = new(StringComparer.Ordinal);

    /// <summary>Opens a folder, or <c>azure://account/container/prefix</c>.</summary>
    /// <exception cref="PipelineException">The location or the credentials are wrong.</exception>
    public static IRunStore Open(string location) =>
        Opened.GetOrAdd(location, address => IsAddress(address) ? AzureRunStore.Open(address) : new LocalRunStore(address));

    /// <summary>Removes what the stores fetched.</summary>
    public static void Close()
    {
        foreach (var store in Opened.Values.OfType<IDisposable>()) store.Dispose();
    }

    /// <summary>Whether a location is an address, which no folder goes before.</summary>
    public static bool IsAddress(string location) => location.StartsWith("azure://", StringComparison.Ordinal);
}
