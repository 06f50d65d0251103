using Azure.Core;
using Azure.Core.Pipeline;

namespace ML.Pipelines.Azure;

/// <summary>How a run in Azure Blob Storage is reached. What is not given is taken from the environment.</summary>
/// <remarks>
/// The first of these counts: <see cref="ConnectionString"/>, <see cref="SasToken"/>, <see cref="Credential"/>, the environment's
/// AZURE_STORAGE_CONNECTION_STRING, its AZURE_STORAGE_SAS_TOKEN, and <c>DefaultAzureCredential</c>: a managed identity, a workload
/// identity, a service principal in AZURE_CLIENT_ID and so on, or who is signed in with <c>az login</c>.
/// </remarks>
public sealed class AzureRunStoreOptions
{
    /// <summary>A connection string of the account; null: not given.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>A shared access signature that may read, add, create, write, delete and list; null: not given.</summary>
    public string? SasToken { get; init; }

    /// <summary>Gives tokens for the account; null: not given.</summary>
    public TokenCredential? Credential { get; init; }

    /// <summary>
    /// The address of the account's blob service where no connection string tells it; null: the environment's
    /// AZURE_STORAGE_SERVICE_ENDPOINT, or else <c>https://account.blob.core.windows.net</c>.
    /// </summary>
    public Uri? Endpoint { get; init; }

    /// <summary>How long the service may be away before a call fails; from 1 millisecond to 1 hour.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>How long a lock of a process that died keeps others out; from 15 to 60 seconds, as the service has it.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Where files are staged and fetched to, in a folder of their own; null: the system's folder for temporary files.</summary>
    public string? TemporaryFolder { get; init; }

    internal HttpPipelineTransport? Transport { get; init; }

    internal TimeProvider Time { get; init; } = TimeProvider.System;

    internal Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Patience, TimeSpan.FromMilliseconds(1), nameof(Patience));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Patience, TimeSpan.FromHours(1), nameof(Patience));
        ArgumentOutOfRangeException.ThrowIfLessThan(LeaseDuration, TimeSpan.FromSeconds(15), nameof(LeaseDuration));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(LeaseDuration, TimeSpan.FromSeconds(60), nameof(LeaseDuration));
    }
}
