using System.Text;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using ML.Pipelines.Runs.Stores;
using ML.Pipelines.Tests.Runs.Stores;

namespace ML.Pipelines.Azure.Tests;

/// <summary>The contract below a prefix of a container that is not there at first.</summary>
[TestClass]
public sealed class AzureRunStoreContractTests : RunStoreContract
{
    private readonly List<AzureRunStore> _stores = [];
    private readonly string _location = SharedAzurite.NewLocation("runs/first");

    [TestCleanup]
    public void DisposeStores() => _stores.ForEach(store => store.Dispose());

    private protected override IRunStore Open()
    {
        var store = SharedAzurite.Open(_location);
        lock (_stores) _stores.Add(store);
        return store;
    }

    private protected override void Tear(string name, string half)
    {
        Container().CreateIfNotExists();
        var blob = Container().GetAppendBlobClient("runs/first/" + name);
        blob.CreateIfNotExists();
        blob.AppendBlock(new MemoryStream(Encoding.UTF8.GetBytes(half)));
    }

    private protected override void LeaveBehind(string name, string content)
    {
        Container().CreateIfNotExists();
        var blob = Container().GetBlockBlobClient("runs/first/" + name);
        blob.StageBlock(Convert.ToBase64String(new byte[48]), new MemoryStream(Encoding.UTF8.GetBytes(content)));
    }

    private BlobContainerClient Container() =>
        new(SharedAzurite.Instance.ConnectionString, AzureLocation.Parse(_location).Container);
}
