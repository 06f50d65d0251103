using ML.Pipelines.Azure;
using ML.Pipelines.Runs.Stores;

namespace ML.Pipelines.Cli;

/// <summary>The store of an output's location.</summary>
internal static class RunStores
{
    /// <summary>Opens a folder, or <c>azure://account/container/prefix</c>.</summary>
    /// <exception cref="PipelineException">The location or the credentials are wrong.</exception>
    public static IRunStore Open(string location) => IsAddress(location) ? AzureRunStore.Open(location) : new LocalRunStore(location);

    /// <summary>Whether a location is an address, which no folder goes before.</summary>
    public static bool IsAddress(string location) => location.StartsWith("azure://", StringComparison.Ordinal);
}
