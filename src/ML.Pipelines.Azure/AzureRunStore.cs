using System.Collections.Concurrent;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ML.Pipelines.Runs.Journals;
using ML.Pipelines.Runs.Stores;

namespace ML.Pipelines.Azure;

/// <summary>A run in a container of Azure Blob Storage, or below a prefix in it.</summary>
/// <remarks>
/// <para>The container is made with the first file. Requests are made again while the service is away, for
/// <see cref="AzureRunStoreOptions.Patience"/>; then every member throws a <see cref="PipelineException"/>:
/// <see cref="ErrorCode.StoreUnreachable"/> when the service does not answer, <see cref="ErrorCode.StoreForbidden"/> when it refuses the
/// credentials, <see cref="ErrorCode.Output"/> when it refuses a request, <see cref="ErrorCode.Configuration"/> when there is no container
/// and it may not be made. No message holds a secret.</para>
/// <para>All members may be called from several threads, as <see cref="IRunStore"/> has it.</para>
/// </remarks>
public sealed class AzureRunStore : IRunStore, IDisposable
{
    /// <summary>Bytes of a block, and of a file that is sent in one request. The service takes 50,000 blocks a blob.</summary>
    internal const int BlockBytes = 8 << 20;

    private const int BlocksAtOnce = 4;

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(60);

    private readonly AzureLocation _location;
    private readonly AzureRunStoreOptions _options;
    private readonly BlobContainerClient _container, _renewing;
    private readonly BlobFiles _files;
    private readonly BlobLines _lines;
    private readonly WorkFolder _work;
    private readonly ConcurrentDictionary<string, Lock> _fetching = new(StringComparer.Ordinal);

    private AzureRunStore(AzureLocation location, AzureRunStoreOptions options)
    {
        (_location, _options, _work) = (location, options, new(options.TemporaryFolder));
        var account = new AzureAccount(location.Account, options);
        _container = account.Container(location.Container, Retries.For(options.Patience, RequestTimeout, options.Transport));
        // A request that hangs is given up while there is time for others before the lease ends.
        _renewing = account.Container(location.Container,
            Retries.For(options.LeaseDuration, options.LeaseDuration / 6, options.Transport));
        _files = new(_container);
        _lines = new(_container, _files);
    }

    /// <inheritdoc/>
    public string Location => _location.ToString();

    /// <summary>A store at an address; no request is made.</summary>
    /// <param name="location"><c>azure://account/container/prefix</c>; the prefix may have several parts or be left out.</param>
    /// <param name="options">Credentials and limits; null: from the environment, with the defaults.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>: the address is none, or the credentials do not fit
    /// it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A limit of the options is out of its range.</exception>
    public static AzureRunStore Open(string location, AzureRunStoreOptions? options = null)
    {
        options ??= new();
        options.Check();
        return new(AzureLocation.Parse(location), options);
    }

    /// <inheritdoc/>
    public string Describe(string name) => name.Length == 0 ? Location : $"{Location}/{name}";

    /// <inheritdoc/>
    public long? Length(string name) => Guarded(name, () => _files.Find(Blob(name))?.ContentLength);

    /// <inheritdoc/>
    public IEnumerable<StoredFile> List(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        // Accounts with folders list in another order.
        return Guarded(prefix, () => Listed(() =>
            _files.List(Blob(prefix)).Select(blob => (blob.Name, blob.Properties.ContentLength ?? 0))));
    }

    /// <inheritdoc/>
    public byte[]? Read(string name) => Guarded(name, () => _files.Read(Blob(name)));

    /// <inheritdoc/>
    public bool TryCreate(string name, ReadOnlySpan<byte> content)
    {
        var bytes = content.ToArray();
        return Write(name, () => _files.TryCreate(Blob(name), bytes));
    }

    /// <inheritdoc/>
    public void Replace(string name, ReadOnlySpan<byte> content)
    {
        var bytes = content.ToArray();
        Write(name, () => _files.Replace(Blob(name), bytes));
    }

    /// <inheritdoc/>
    public void Append(string name, ReadOnlySpan<byte> line)
    {
        var bytes = line.ToArray();
        Write(name, () => _lines.Append(Blob(name), bytes));
    }

    /// <inheritdoc/>
    public string Stage(string name) => _work.PathOf("staged", name);

    /// <inheritdoc/>
    /// <remarks>The file is sent in blocks, several at once, and is there when the list of its blocks is.</remarks>
    public void Commit(string name)
    {
        var path = Stage(name);
        var blob = _container.GetBlobClient(Blob(name));
        var options = new BlobUploadOptions { TransferOptions = Transfer };
        // The SDK's synchronous upload sends one block after the other.
        Write(name, () => _files.Overwrite(Blob(name), () => blob.UploadAsync(path, options).GetAwaiter().GetResult()));
        File.Delete(path);
    }

    /// <inheritdoc/>
    /// <remarks>The file is downloaded once as long as it does not change, and stays until the store is disposed.</remarks>
    public string Fetch(string name)
    {
        lock (_fetching.GetOrAdd(name, _ => new())) return Guarded(name, () => FetchUnchanged(name));
    }

    /// <inheritdoc/>
    public void Delete(string name) => Guarded(name, () =>
    {
        _files.Delete(Blob(name));
        return true;
    });

    /// <inheritdoc/>
    public IReadOnlyList<StoredFile> Leftovers() => Guarded("", () => Listed(() => _files.Leftovers(Blob(""))));

    /// <inheritdoc/>
    public IRunLock? TryLock(string name) => Write(name, () =>
        BlobLock.TryTake(_container.GetBlobClient(Blob(name)), _renewing.GetBlobClient(Blob(name)), _options.LeaseDuration, _options.Time));

    /// <inheritdoc/>
    public IReplyJournal OpenJournal(string name) => new LogJournal(this, name);

    /// <inheritdoc/>
    public void DeleteJournal(string name)
    {
        // From the last on: what a crash leaves is a journal with fewer replies.
        foreach (var file in List(name + "/").Reverse()) Delete(file.Name);
    }

    /// <summary>Removes the files that were staged and fetched; what was given by <see cref="Fetch"/> must not be used any more.</summary>
    public void Dispose() => _work.Dispose();

    private static StorageTransferOptions Transfer => new()
    {
        InitialTransferSize = BlockBytes,
        MaximumTransferSize = BlockBytes,
        MaximumConcurrency = BlocksAtOnce,
    };

    private string Blob(string name) => _location.BlobName(name);

    private string Name(string blob) => _location.Prefix.Length == 0 ? blob : blob[(_location.Prefix.Length + 1)..];

    private string FetchUnchanged(string name)
    {
        for (var round = 0; round < BlobFiles.MostRounds; round++)
        {
            var found = _files.Find(Blob(name)) ?? throw new PipelineException(ErrorCode.FileNotFound, $"'{Describe(name)}' is not there.");
            var path = _work.PathOf("fetched", name, found.ETag.ToString());
            if (File.Exists(path) || TryDownload(name, found.ETag, path)) return path;
        }
        throw BlobFiles.Contended(_container.GetBlobClient(Blob(name)));
    }

    private bool TryDownload(string name, ETag tag, string path)
    {
        var partial = path + ".part";
        try
        {
            _container.GetBlobClient(Blob(name)).DownloadToAsync(partial, new BlobDownloadToOptions
            {
                Conditions = new() { IfMatch = tag },
                TransferOptions = Transfer,
            }).GetAwaiter().GetResult();
        }
        catch (RequestFailedException fault) when (fault.Status is 404 or 412)
        {
            return false;
        }
        File.Move(partial, path);
        return true;
    }

    private IReadOnlyList<StoredFile> Listed(Func<IEnumerable<(string Name, long Bytes)>> blobs)
    {
        try
        {
            var files = blobs().Select(blob => new StoredFile(Name(blob.Name), blob.Bytes));
            return [.. files.OrderBy(file => file.Name, StringComparer.Ordinal)];
        }
        catch (RequestFailedException fault) when (fault.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            return [];
        }
    }

    private void Write(string name, Action action) => Write(name, () =>
    {
        action();
        return true;
    });

    private T Write<T>(string name, Func<T> action) => Guarded(name, () =>
    {
        try
        {
            return action();
        }
        catch (RequestFailedException fault) when (fault.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            MakeContainer();
            return action();
        }
    });

    private void MakeContainer()
    {
        try
        {
            _container.CreateIfNotExists();
        }
        catch (RequestFailedException fault) when (fault.Status is >= 400 and < 500 and not 408 and not 429)
        {
            throw AzureFault.NoContainer(fault, _location);
        }
    }

    private T Guarded<T>(string name, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception fault) when (AzureFault.IsOne(fault))
        {
            throw AzureFault.Of(fault, Describe(name), _options.Patience);
        }
    }
}
