using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using ML.Pipelines.Azure.Tests;
using ML.Pipelines.RunHost;
using ML.Pipelines.Runs.Stores;

namespace ML.Pipelines.EndToEnd.Tests.Kills;

/// <summary>Where runs write that are killed: a folder or an emulated account.</summary>
internal abstract class OutputPlace
{
    /// <summary>What processes must have in their environment.</summary>
    public virtual IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>();

    /// <summary>The address of an output; it is made with its first file.</summary>
    public abstract string Location(string output);

    /// <summary>An output, as another process has it.</summary>
    public abstract IRunStore Open(string output);

    /// <summary>Lets go of what a process that died still holds for a while.</summary>
    public virtual void Release(string output) { }
}

/// <summary>Folders. The system lets go of the locks of a process that died.</summary>
internal sealed class FolderPlace(TestFolder folder) : OutputPlace
{
    public override string Location(string output) => folder.File(output);

    public override IRunStore Open(string output) => new LocalRunStore(Location(output));
}

/// <summary>Containers of an emulator, one an output, so that runs make them.</summary>
internal sealed class AzuritePlace(Azurite azurite) : OutputPlace
{
    private readonly string _prefix = $"kills-{Guid.NewGuid():N}";

    public override IReadOnlyDictionary<string, string> Environment =>
        new Dictionary<string, string> { ["AZURE_STORAGE_CONNECTION_STRING"] = azurite.ConnectionString };

    public override string Location(string output) => $"azure://{Azurite.Account}/{Container(output)}/out";

    public override IRunStore Open(string output) => HostedStore.OpenAzure(Location(output), azurite.ConnectionString);

    // A lease would end by itself within its time; breaking it is how the service makes its end come sooner.
    public override void Release(string output)
    {
        var container = new BlobContainerClient(azurite.ConnectionString, Container(output));
        if (!container.Exists()) return;
        foreach (var blob in container.GetBlobs(BlobTraits.None, BlobStates.None, "out/.mlpipe/locks/", default))
            if (blob.Properties.LeaseState == LeaseState.Leased)
                container.GetBlobClient(blob.Name).GetBlobLeaseClient().Break(TimeSpan.Zero);
    }

    private string Container(string output) => $"{_prefix}-{output}";
}
