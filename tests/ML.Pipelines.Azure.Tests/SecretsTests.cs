using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Tracing;
using Azure.Core.Diagnostics;
using Azure.Storage.Blobs;
using Azure.Storage.Sas;

namespace ML.Pipelines.Azure.Tests;

/// <summary>Nothing that a store says holds a key or a signature: addresses, exceptions, the SDK's log and its spans.</summary>
[TestClass]
[DoNotParallelize]
public sealed class SecretsTests : AzureTest
{
    private static readonly string WrongKey = Convert.ToBase64String([.. Enumerable.Range(0, 64).Select(i => (byte)(i * 3))]);

    private readonly ConcurrentQueue<string> _said = new();

    [TestMethod]
    public void A_key_is_not_told()
    {
        var right = SharedAzurite.Instance.ConnectionString;
        var wrong = right.Replace(Azurite.Key, WrongKey, StringComparison.Ordinal);
        Use(new() { ConnectionString = right });
        Use(new() { ConnectionString = wrong });
        Use(new() { ConnectionString = right, Transport = new FaultyTransport { LosesRequest = _ => true } });
        Use(new() { ConnectionString = wrong }, "azure://mytraces/runs");
        Use(new() { ConnectionString = $"AccountName={Azurite.Account};AccountKey={WrongKey}!;BlobEndpoint=http://127.0.0.1/x" });
        Use(new() { ConnectionString = $"{WrongKey}" });
        AssertNotSaid(Azurite.Key, WrongKey);
    }

    [TestMethod]
    public void A_signature_is_not_told()
    {
        var sas = new BlobServiceClient(SharedAzurite.Instance.ConnectionString)
            .GenerateAccountSasUri(AccountSasPermissions.All, DateTimeOffset.UtcNow.AddHours(1), AccountSasResourceTypes.All).Query;
        var signature = sas[(sas.IndexOf("sig=", StringComparison.Ordinal) + 4)..].Split('&')[0];
        var wrong = sas.Replace(signature, "d3Jvbmcgc2lnbmF0dXJl", StringComparison.Ordinal);
        var endpoint = SharedAzurite.Instance.Endpoint;
        Use(new() { SasToken = sas, Endpoint = endpoint });
        Use(new() { SasToken = wrong, Endpoint = endpoint });
        Use(new() { SasToken = sas, Endpoint = endpoint, Transport = new FaultyTransport { LosesRequest = _ => true } });
        Use(new() { SasToken = sas, Endpoint = new("http://127.0.0.1:1/devstoreaccount1") });
        Use(new() { SasToken = "https://host/" + sas, Endpoint = endpoint });
        Use(new() { ConnectionString = $"BlobEndpoint={endpoint};SharedAccessSignature={sas}" });
        Use(new() { ConnectionString = $"BlobEndpoint={endpoint};SharedAccessSignature={wrong}" });
        Use(new() { SasToken = sas, Endpoint = endpoint }, Location + sas);
        AssertNotSaid(signature, Uri.UnescapeDataString(signature), "d3Jvbmcgc2lnbmF0dXJl");
    }

    /// <summary>Opens a store and calls what can fail; all that is said is kept.</summary>
    private void Use(AzureRunStoreOptions given, string? location = null)
    {
        using var log = new AzureEventSourceListener((_, message) => _said.Enqueue(message), EventLevel.Verbose);
        using var spans = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith("Azure.", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => _said.Enqueue(string.Join(' ', span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"))),
        };
        ActivitySource.AddActivityListener(spans);
        var options = new AzureRunStoreOptions
        {
            ConnectionString = given.ConnectionString,
            SasToken = given.SasToken,
            Endpoint = given.Endpoint,
            Transport = given.Transport,
            Patience = TimeSpan.FromMilliseconds(20),
            Variable = _ => null,
        };
        Say(() => options.ToString());
        Say(() =>
        {
            using var store = AzureRunStore.Open(location ?? Location, options);
            Say(() => store.Location + store.Describe("plan.json") + store);
            Say(() => store.TryCreate("plan.json", "{}"u8));
            Say(() => store.Read("plan.json"));
            Say(() => store.List(""));
            Say(() => store.Append("manifest.jsonl", "{}\n"u8));
            Say(() => store.Fetch("none"));
            Say(() => store.Fetch("plan.json"));
            Say(() => store.TryLock("run.lock"));
            Say(() => store.Leftovers());
            Say(() => store.Delete("plan.json"));
            Say(() => store.Commit("none"));
        });
    }

    private void Say(Func<object?> call)
    {
        try
        {
            _said.Enqueue($"{call()}");
        }
        catch (Exception fault) when (fault is PipelineException or FileNotFoundException)
        {
            _said.Enqueue(fault.ToString());
        }
    }

    private void Say(Action call) => Say(() =>
    {
        call();
        return null;
    });

    private void AssertNotSaid(params string[] secrets)
    {
        Assert.IsGreaterThan(100, _said.Count);
        foreach (var part in new[] { "REDACTED", "the service refused (403 ", "could not be reached" })
            Assert.Contains(said => said.Contains(part, StringComparison.Ordinal), _said, part);
        foreach (var said in _said)
            foreach (var secret in secrets) Assert.IsFalse(said.Contains(secret, StringComparison.Ordinal), said);
    }
}
