using ML.Pipelines.Azure;
using ML.Pipelines.Runs.Stores;

namespace ML.Pipelines.RunHost;

/// <summary>Stores that tell of their steps: of each change, before it and after it.</summary>
public static class HostedStore
{
    /// <summary>A store in a folder, or in the account that AZURE_STORAGE_CONNECTION_STRING names.</summary>
    /// <param name="location">A path or <c>azure://account/container/prefix</c>.</param>
    /// <param name="reached">Is told of each step.</param>
    public static IRunStore Open(string location, Action<string> reached) =>
        location.StartsWith("azure://", StringComparison.Ordinal)
        ? AzureRunStore.Open(location, new() { LeaseDuration = TimeSpan.FromSeconds(60), Transport = new SteppingTransport(reached, () => { }) })
        : new LocalRunStore(location) { Reached = (step, name) => reached($"{step} {name}") };

    /// <summary>A store in an account whose faults are told.</summary>
    /// <param name="location"><c>azure://account/container/prefix</c>.</param>
    /// <param name="connectionString">The account's.</param>
    /// <param name="patience">How long the service may be away.</param>
    /// <param name="failed">Called after each request that got no answer, before it is made again.</param>
    /// <param name="time">The clock of the locks; null: the system's.</param>
    public static AzureRunStore OpenAzure(
        string location, string connectionString, TimeSpan? patience = null, Action? failed = null, TimeProvider? time = null) =>
        AzureRunStore.Open(location, new()
        {
            ConnectionString = connectionString,
            Variable = _ => null,
            LeaseDuration = TimeSpan.FromSeconds(60),
            Patience = patience ?? TimeSpan.FromSeconds(90),
            Transport = new SteppingTransport(_ => { }, failed ?? (() => { })),
            Time = time ?? TimeProvider.System,
        });
}
