using ML.Pipelines.Runs.Stores;

namespace ML.Pipelines.Cli;

/// <summary>The store of an output's location.</summary>
internal static class RunStores
{
    /// <summary>Opens a folder.</summary>
    public static IRunStore Open(string location) => new LocalRunStore(location);
}
