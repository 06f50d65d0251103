using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;

namespace ML.Pipelines.Azure.Tests;

/// <summary>Tests with a container of their own in the shared emulator, and a network with faults.</summary>
public abstract class AzureTest
{
    private readonly List<AzureRunStore> _stores = [];

    private protected string Location { get; } = SharedAzurite.NewLocation("out");

    private protected FaultyTransport Network { get; } = new();

    [TestCleanup]
    public void DisposeStores() => _stores.ForEach(store => store.Dispose());

    /// <summary>A store over the network with faults, which gives up after about a second.</summary>
    private protected AzureRunStore Open(TimeSpan? patience = null, TimeProvider? time = null, HttpPipelineTransport? transport = null) =>
        Kept(SharedAzurite.Open(Location, transport ?? Network, patience ?? TimeSpan.FromSeconds(1), time));

    /// <summary>A store as another process has it, without faults.</summary>
    private protected AzureRunStore OpenOther() => Kept(SharedAzurite.Open(Location));

    private protected BlobContainerClient Container() =>
        new(SharedAzurite.Instance.ConnectionString, AzureLocation.Parse(Location).Container);

    private protected string? Text(string name) => OpenOther().Read(name) is { } content ? Encoding.UTF8.GetString(content) : null;

    private protected static PipelineException Throws(string code, Action action)
    {
        var fault = Assert.ThrowsExactly<PipelineException>(action);
        Assert.AreEqual(code, fault.Code, fault.Message);
        return fault;
    }

    private protected static bool Writes(Request request) => request.Method == RequestMethod.Put;

    private protected static bool Query(Request request, string part) => request.Uri.Query.Contains(part, StringComparison.Ordinal);

    private protected static bool Has(Request request, string header, string value) =>
        request.Headers.TryGetValue(header, out var found) && found == value;

    private AzureRunStore Kept(AzureRunStore store)
    {
        lock (_stores) _stores.Add(store);
        return store;
    }
}
