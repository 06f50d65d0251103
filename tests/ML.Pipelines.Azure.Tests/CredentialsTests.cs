using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Sas;

namespace ML.Pipelines.Azure.Tests;

[TestClass]
public sealed class CredentialsTests : AzureTest
{
    private const string ConnectionVariable = "AZURE_STORAGE_CONNECTION_STRING", SasVariable = "AZURE_STORAGE_SAS_TOKEN",
        EndpointVariable = "AZURE_STORAGE_SERVICE_ENDPOINT";

    private static string ConnectionString => SharedAzurite.Instance.ConnectionString;

    [TestMethod]
    public void A_connection_string_of_the_environment_works() =>
        AssertWorks(new() { Variable = Variables((ConnectionVariable, ConnectionString)) });

    [TestMethod]
    public void What_is_given_counts_before_the_environment() => AssertWorks(new()
    {
        ConnectionString = ConnectionString,
        Variable = Variables((ConnectionVariable, "AccountName=other;AccountKey=AAAA"), (SasVariable, "sig=other")),
    });

    [TestMethod]
    public void A_sas_that_is_given_works() => AssertWorks(new()
    {
        SasToken = AccountSas(),
        Endpoint = SharedAzurite.Instance.Endpoint,
        Variable = Variables((ConnectionVariable, "AccountName=other;AccountKey=AAAA")),
    });

    [TestMethod]
    [DataRow("")]
    [DataRow("?")]
    public void A_sas_of_the_environment_works_with_and_without_its_question_mark(string start) => AssertWorks(new()
    {
        Variable = Variables((SasVariable, start + AccountSas()), (EndpointVariable, $"{SharedAzurite.Instance.Endpoint}")),
    });

    [TestMethod]
    public void A_sas_in_a_connection_string_works() => AssertWorks(new()
    {
        ConnectionString = $"BlobEndpoint={SharedAzurite.Instance.Endpoint};SharedAccessSignature={AccountSas()}",
        Variable = _ => null,
    });

    [TestMethod]
    public void A_sas_that_may_only_read_reads_and_is_told_when_it_writes()
    {
        OpenOther().Replace("plan.json", "{}"u8);
        using var store = AzureRunStore.Open(Location, new()
        {
            SasToken = ContainerSas(BlobContainerSasPermissions.Read | BlobContainerSasPermissions.List),
            Endpoint = SharedAzurite.Instance.Endpoint,
        });
        Assert.AreEqual(2, store.Length("plan.json"));
        var fault = Throws(ErrorCode.StoreForbidden, () => store.Replace("plan.json", "x"u8));
        Assert.Contains($"{Location}/plan.json: the service refused (403 ", fault.Message);
    }

    [TestMethod]
    public void A_container_that_is_not_there_and_may_not_be_made_is_told_with_what_to_do()
    {
        using var store = AzureRunStore.Open(Location, new()
        {
            SasToken = ContainerSas(BlobContainerSasPermissions.All),
            Endpoint = SharedAzurite.Instance.Endpoint,
        });
        Assert.IsNull(store.Read("plan.json"));
        var fault = Throws(ErrorCode.Configuration, () => store.TryCreate("plan.json", "x"u8));
        Assert.Contains($"The container '{Container().Name}' is not in the account 'devstoreaccount1'", fault.Message);
        Assert.Contains("az storage container create", fault.Message);
    }

    [TestMethod]
    public void A_wrong_key_is_told_with_what_to_do()
    {
        using var store = OpenWith(new() { ConnectionString = WrongKey(), Variable = _ => null });
        var fault = Throws(ErrorCode.StoreForbidden, () => store.Read("plan.json"));
        Assert.Contains($"{Location}/plan.json: the service refused (403 ", fault.Message);
        Assert.Contains("Check that the key or SAS is the account's", fault.Message);
        Throws(ErrorCode.StoreForbidden, () => store.TryCreate("plan.json", "x"u8));
        Throws(ErrorCode.StoreForbidden, () => store.List(""));
        Throws(ErrorCode.StoreForbidden, () => store.TryLock("run.lock"));
    }

    [TestMethod]
    public void A_connection_string_of_another_account_is_refused_with_both_names()
    {
        var fault = Refused(new() { ConnectionString = ConnectionString });
        Assert.Contains("is of the storage account 'devstoreaccount1', and the address names 'mytraces'", fault.Message);
    }

    [TestMethod]
    public void A_connection_string_of_another_accounts_address_is_refused()
    {
        var sas = "BlobEndpoint=https://other.blob.core.windows.net;SharedAccessSignature=sv=1&sig=x";
        var fault = Refused(new() { ConnectionString = sas });
        Assert.Contains("'other'", fault.Message);
    }

    [TestMethod]
    public void The_emulators_short_connection_string_is_of_its_account()
    {
        using var store = AzureRunStore.Open("azure://devstoreaccount1/runs", new() { ConnectionString = "UseDevelopmentStorage=true" });
        Assert.AreEqual("azure://devstoreaccount1/runs", store.Location);
    }

    [TestMethod]
    [DataRow("nonsense")]
    [DataRow("AccountName=mytraces")]
    [DataRow("DefaultEndpointsProtocol=https;AccountName=mytraces;AccountKey=not base 64!")]
    public void A_connection_string_that_cannot_be_read_is_refused(string text)
    {
        var fault = Refused(new() { ConnectionString = text });
        Assert.Contains("The connection string of the storage account cannot be read", fault.Message);
        Assert.IsNull(fault.InnerException);
    }

    [TestMethod]
    [DataRow("sv=2025")]
    [DataRow("https://mytraces.blob.core.windows.net/runs?sv=2025&sig=x")]
    public void A_sas_that_is_none_is_refused(string text) => Refused(new() { SasToken = text });

    [TestMethod]
    public void An_endpoint_that_is_none_is_refused() =>
        Refused(new() { Variable = Variables((SasVariable, "sig=x"), (EndpointVariable, "mytraces")) });

    [TestMethod]
    public void Tokens_are_sent_over_https_only() =>
        Refused(new() { Credential = new NoCredential(), Endpoint = new("http://127.0.0.1/mytraces") });

    [TestMethod]
    public void Without_credentials_it_is_told_how_to_give_some()
    {
        using var store = AzureRunStore.Open("azure://mytraces/runs", new() { Credential = new NoCredential(), Transport = Network });
        var fault = Throws(ErrorCode.StoreForbidden, () => store.Read("plan.json"));
        Assert.Contains("azure://mytraces/runs/plan.json: no credentials were found: Nobody is signed in.", fault.Message);
        Assert.Contains("az login", fault.Message);
        Assert.IsEmpty(Network.Sent);
    }

    [TestMethod]
    public void Without_anything_given_the_environments_identity_is_asked_for_first_when_it_is_needed()
    {
        using var store = AzureRunStore.Open("azure://mytraces/runs", new() { Variable = _ => null, Transport = Network });
        Assert.AreEqual("azure://mytraces/runs", store.Location);
        Assert.IsEmpty(Network.Sent);
    }

    [TestMethod]
    [DataRow(0.0005, 30)]
    [DataRow(3601, 30)]
    [DataRow(60, 14)]
    [DataRow(60, 61)]
    public void Limits_out_of_range_are_refused(double patience, int lease) => Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
        AzureRunStore.Open("azure://mytraces/runs", new()
        {
            ConnectionString = ConnectionString,
            Patience = TimeSpan.FromSeconds(patience),
            LeaseDuration = TimeSpan.FromSeconds(lease),
        }));

    private static string WrongKey() =>
        ConnectionString.Replace(Azurite.Key, Convert.ToBase64String(new byte[64]), StringComparison.Ordinal);

    private void AssertWorks(AzureRunStoreOptions options)
    {
        using var store = OpenWith(options);
        store.Replace("plan.json", "{}"u8);
        Assert.AreEqual("{}", Text("plan.json"));
        store.Append("manifest.jsonl", "{}\n"u8);
        Assert.AreEqual(3, store.Length("manifest.jsonl"));
        File.WriteAllText(store.Stage("data/part-0.parquet"), "x");
        store.Commit("data/part-0.parquet");
        Assert.AreEqual("x", File.ReadAllText(store.Fetch("data/part-0.parquet")));
        using (var held = store.TryLock("run.lock")) Assert.IsNotNull(held);
        Assert.HasCount(4, store.List(""));
        store.Delete("plan.json");
        Assert.IsEmpty(store.Leftovers());
    }

    private static PipelineException Refused(AzureRunStoreOptions options) =>
        Throws(ErrorCode.Configuration, () => AzureRunStore.Open("azure://mytraces/runs", options));

    private AzureRunStore OpenWith(AzureRunStoreOptions options) => AzureRunStore.Open(Location, options);

    private static string AccountSas() => new BlobServiceClient(ConnectionString)
        .GenerateAccountSasUri(AccountSasPermissions.All, DateTimeOffset.UtcNow.AddHours(1), AccountSasResourceTypes.All)
        .Query.TrimStart('?');

    private string ContainerSas(BlobContainerSasPermissions permissions) =>
        Container().GenerateSasUri(permissions, DateTimeOffset.UtcNow.AddHours(1)).Query;

    private static Func<string, string?> Variables(params (string Name, string Value)[] variables) =>
        name => variables.FirstOrDefault(variable => variable.Name == name).Value;

    private sealed class NoCredential : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            throw new CredentialUnavailableException("Nobody is signed in.\nSee the guide.");

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }
}
