using Azure;
using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;

namespace ML.Pipelines.Azure;

/// <summary>Finds the credentials for an account and makes clients with them. No secret leaves this class in a message.</summary>
internal sealed class AzureAccount
{
    private const string AccountKey = "AccountName";

    private readonly string _name;
    private readonly AzureRunStoreOptions _options;
    private readonly string? _connectionString, _sas;
    private readonly Uri _endpoint;
    private readonly TokenCredential? _credential;

    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>: what is given does not fit the account.</exception>
    public AzureAccount(string name, AzureRunStoreOptions options)
    {
        (_name, _options) = (name, options);
        var isGiven = options is { ConnectionString: not null } or { SasToken: not null } or { Credential: not null };
        _connectionString = NotEmpty(isGiven ? options.ConnectionString : options.Variable("AZURE_STORAGE_CONNECTION_STRING"));
        if (_connectionString is null)
            _sas = NotEmpty(isGiven ? options.SasToken : options.Variable("AZURE_STORAGE_SAS_TOKEN"))?.TrimStart('?');
        if (_connectionString is null && _sas is null) _credential = options.Credential ?? new DefaultAzureCredential();
        _endpoint = options.Endpoint ?? Endpoint(NotEmpty(options.Variable("AZURE_STORAGE_SERVICE_ENDPOINT")));
        Check();
    }

    /// <summary>A client of a container.</summary>
    public BlobContainerClient Container(string container, BlobClientOptions options) => Service(options).GetBlobContainerClient(container);

    private BlobServiceClient Service(BlobClientOptions options)
    {
        if (_connectionString is not null) return Connected(options);
        return _sas is not null ? new(_endpoint, new AzureSasCredential(_sas), options) : new(_endpoint, _credential, options);
    }

    // What the SDK says of a bad connection string may quote it.
    private BlobServiceClient Connected(BlobClientOptions options)
    {
        try
        {
            return new(_connectionString, options);
        }
        catch (Exception fault) when (fault is FormatException or InvalidOperationException or ArgumentException)
        {
            throw Wrong("The connection string of the storage account cannot be read. Copy it again from the account's access keys.");
        }
    }

    private void Check()
    {
        if (_sas is not null && (!_sas.Contains("sig=", StringComparison.Ordinal) || _sas.Contains("://", StringComparison.Ordinal)))
            throw Wrong("The SAS token of the storage account is none. Give what follows the '?' of a shared access signature's address.");
        if (_credential is not null && _endpoint.Scheme != Uri.UriSchemeHttps)
            throw Wrong($"Tokens are sent to https addresses only, not to {_endpoint.GetLeftPart(UriPartial.Authority)}.");
        if (_connectionString is not null && ConnectedAccount() is { Length: > 0 } other && other != _name)
            throw Wrong($"The connection string is of the storage account '{other}', and the address names '{_name}'. Give the one of "
                + $"'{_name}', or unset AZURE_STORAGE_CONNECTION_STRING to use other credentials.");
    }

    // The SDK takes the account from the host, where an emulator or an own domain may have none.
    private string ConnectedAccount()
    {
        var settings = _connectionString!.Split(';').Select(setting => setting.Split('=', 2)).Where(setting => setting.Length == 2);
        var account = settings.FirstOrDefault(setting => setting[0].Trim().Equals(AccountKey, StringComparison.OrdinalIgnoreCase));
        return account?[1].Trim() ?? Connected(new()).AccountName;
    }

    private Uri Endpoint(string? given) => given is null ? new($"https://{_name}.blob.core.windows.net")
        : Uri.TryCreate(given, UriKind.Absolute, out var uri) && uri.Query.Length == 0 ? uri
        : throw Wrong("AZURE_STORAGE_SERVICE_ENDPOINT is no address of a blob service, such as https://account.blob.core.windows.net.");

    private static string? NotEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static PipelineException Wrong(string message) => new(ErrorCode.Configuration, message);
}
