using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace ML.Pipelines.Azure;

/// <summary>Small files as blobs of a container: whole or not there, and conditional writes that know their own.</summary>
internal sealed class BlobFiles(BlobContainerClient container)
{
    /// <summary>Rounds of reading and writing on a condition, each of which others can only spoil by writing meanwhile.</summary>
    public const int MostRounds = 20;

    /// <summary>Metadata of who wrote a blob: after an answer was lost, the next try is refused for the first one's success.</summary>
    private const string Writer = "writer";

    /// <summary>Metadata of a blob that stands for uncommitted blocks on their way to be deleted. No reader takes it for a file.</summary>
    private const string Discarded = "discarded";

    /// <summary>Metadata by which accounts with folders mark the blob of a folder.</summary>
    private const string IsFolder = "hdi_isfolder";

    /// <summary>What a file has; null where there is none.</summary>
    public BlobProperties? Find(string name) => Properties(name) is { } found && IsFile(found.Metadata) ? found : null;

    /// <summary>The files whose names start with a prefix, as the service orders them.</summary>
    public IEnumerable<BlobItem> List(string prefix) => All(prefix, BlobStates.None).Where(blob => IsFile(blob.Metadata));

    /// <summary>Names of what writers left that died, with the bytes they had written.</summary>
    public IEnumerable<(string Name, long Bytes)> Leftovers(string prefix)
    {
        var files = List(prefix).Select(blob => blob.Name).ToHashSet(StringComparer.Ordinal);
        return All(prefix, BlobStates.Uncommitted).Where(blob => !files.Contains(blob.Name) && blob.Metadata?.ContainsKey(IsFolder) != true)
            .Select(blob => (blob.Name, UncommittedBytes(blob.Name) ?? 0));
    }

    /// <summary>Reads a file whole; null where there is none, or where it changed since it had a tag.</summary>
    public byte[]? Read(string name, ETag? tag = null)
    {
        try
        {
            var conditions = tag is null ? null : new BlobRequestConditions { IfMatch = tag };
            var found = container.GetBlobClient(name).DownloadContent(new BlobDownloadOptions { Conditions = conditions }).Value;
            return IsFile(found.Details.Metadata) ? found.Content.ToArray() : null;
        }
        catch (RequestFailedException fault) when (fault.Status is 404 or 412)
        {
            return null;
        }
    }

    /// <summary>Writes a file unless there is one.</summary>
    public bool TryCreate(string name, byte[] content)
    {
        for (var round = 0; round < MostRounds; round++)
        {
            if (TryPut(name, content, new() { IfNoneMatch = ETag.All })) return true;
            if (Find(name) is not null) return false;
            DeleteDiscarded(name);
        }
        throw Contended(container.GetBlobClient(name));
    }

    /// <summary>Writes a file in place of one that has not changed since it had a tag.</summary>
    public bool TryReplace(string name, byte[] content, ETag tag) => TryPut(name, content, new() { IfMatch = tag });

    /// <summary>Writes a file.</summary>
    public void Replace(string name, byte[] content) => Overwrite(name, () => Put(name, content, null, Writer, ""));

    /// <summary>
    /// Does what writes a file. The service refuses to make a block blob of an append blob: it is deleted first, and a crash between leaves
    /// no file.
    /// </summary>
    public void Overwrite(string name, Action write)
    {
        try
        {
            write();
        }
        catch (RequestFailedException fault) when (fault.ErrorCode == BlobErrorCode.InvalidBlobType)
        {
            Delete(name);
            write();
        }
    }

    /// <summary>Removes a file, or what a writer left that died, if it is there.</summary>
    public void Delete(string name)
    {
        if (container.GetBlobClient(name).DeleteIfExists(DeleteSnapshotsOption.IncludeSnapshots) || UncommittedBytes(name) is null) return;
        // Uncommitted blocks cannot be deleted, but go when the blob is written.
        if (TryPut(name, [], new() { IfNoneMatch = ETag.All }, Discarded)) DeleteDiscarded(name);
    }

    /// <summary>The fault after <see cref="MostRounds"/>.</summary>
    public static PipelineException Contended(BlobBaseClient blob) => new(ErrorCode.Output,
        $"'{blob.Name}' in the container '{blob.BlobContainerName}' changes all the time. Stop what else writes there, and run again.");

    /// <summary>Removes what stands for uncommitted blocks, if it is there.</summary>
    public void DeleteDiscarded(string name)
    {
        if (Properties(name) is not { } found || !found.Metadata.ContainsKey(Discarded)) return;
        try
        {
            container.GetBlobClient(name).DeleteIfExists(conditions: new() { IfMatch = found.ETag });
        }
        catch (RequestFailedException fault) when (fault.ErrorCode == BlobErrorCode.ConditionNotMet)
        {
            // Another made a file of it.
        }
    }

    private bool TryPut(string name, byte[] content, BlobRequestConditions conditions, string mark = Writer)
    {
        var writer = Guid.NewGuid().ToString("N");
        try
        {
            Put(name, content, conditions, mark, writer);
            return true;
        }
        catch (RequestFailedException fault) when (fault.Status == 412 || fault.ErrorCode == BlobErrorCode.BlobAlreadyExists)
        {
            return Properties(name)?.Metadata.TryGetValue(mark, out var found) == true && found == writer;
        }
    }

    private void Put(string name, byte[] content, BlobRequestConditions? conditions, string mark, string writer)
    {
        using var stream = new MemoryStream(content);
        var metadata = writer.Length == 0 ? null : new Dictionary<string, string> { [mark] = writer };
        container.GetBlockBlobClient(name).Upload(stream, new BlobUploadOptions { Conditions = conditions, Metadata = metadata });
    }

    private BlobProperties? Properties(string name)
    {
        try
        {
            return container.GetBlobClient(name).GetProperties().Value;
        }
        catch (RequestFailedException fault) when (fault.Status == 404)
        {
            return null;
        }
    }

    private Pageable<BlobItem> All(string prefix, BlobStates states) => container.GetBlobs(BlobTraits.Metadata, states, prefix, default);

    private long? UncommittedBytes(string name)
    {
        try
        {
            var blocks = container.GetBlockBlobClient(name).GetBlockList(BlockListTypes.Uncommitted).Value;
            return blocks.UncommittedBlocks.Sum(block => block.SizeLong);
        }
        catch (RequestFailedException fault) when (fault.Status == 404)
        {
            return null;
        }
    }

    private static bool IsFile(IDictionary<string, string>? metadata) =>
        metadata is null || !(metadata.ContainsKey(Discarded) || metadata.ContainsKey(IsFolder));
}
