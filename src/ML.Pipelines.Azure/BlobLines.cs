using System.Collections.Concurrent;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace ML.Pipelines.Azure;

/// <summary>Appends lines to blobs, each once: a line is sent with the length that the blob has before it.</summary>
/// <remarks>
/// An append either happens whole or not. Where the answer to a try was lost, the next try finds the blob longer, and the line in it.
/// A blob that was not written by appending, or that another program left in the middle of a line, is read, and written whole with the
/// line, if it has not changed meanwhile.
/// </remarks>
internal sealed class BlobLines(BlobContainerClient container, BlobFiles files)
{
    // Where the next line goes, of blobs that end with a line end.
    private readonly ConcurrentDictionary<string, long> _ends = new(StringComparer.Ordinal);

    /// <summary>Appends a line to a blob, made where it is not there.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Output"/>: others write to it all the time.</exception>
    public void Append(string blob, byte[] line)
    {
        for (var round = 0; round < BlobFiles.MostRounds; round++)
        {
            if (TryAppend(blob, line)) return;
            _ends.TryRemove(blob, out _);
        }
        throw BlobFiles.Contended(container.GetBlobClient(blob));
    }

    private bool TryAppend(string blob, byte[] line)
    {
        var lines = container.GetAppendBlobClient(blob);
        if (_ends.TryGetValue(blob, out var end)) return TryAppend(lines, end, line);
        if (files.Find(blob) is not { } found) return TryMake(lines) && TryAppend(lines, 0, line);
        return found.BlobType == BlobType.Append && EndsWithLine(lines, found.ContentLength)
            ? TryAppend(lines, found.ContentLength, line)
            : TryRewrite(blob, found.ETag, line);
    }

    private bool TryAppend(AppendBlobClient blob, long end, byte[] line)
    {
        using var count = Retries.Counting();
        try
        {
            using var content = new MemoryStream(line);
            blob.AppendBlock(content, new AppendBlobAppendBlockOptions { Conditions = new() { IfAppendPositionEqual = end } });
        }
        catch (RequestFailedException fault) when (fault.ErrorCode == BlobErrorCode.AppendPositionConditionNotMet)
        {
            if (count.Tries == 1 || !Range(blob, end, line.Length).AsSpan().SequenceEqual(line)) return false;
        }
        catch (RequestFailedException fault)
            when (fault.ErrorCode == BlobErrorCode.BlobNotFound || fault.ErrorCode == BlobErrorCode.InvalidBlobType)
        {
            return false;
        }
        if (line is [.., (byte)'\n']) _ends[blob.Name] = end + line.Length;
        else _ends.TryRemove(blob.Name, out _);
        return true;
    }

    private bool TryMake(AppendBlobClient blob)
    {
        try
        {
            blob.Create(new AppendBlobCreateOptions { Conditions = new() { IfNoneMatch = ETag.All } });
            return true;
        }
        catch (RequestFailedException fault) when (fault.ErrorCode == BlobErrorCode.BlobAlreadyExists)
        {
            // An answer was lost, or what stands there is no file.
            files.DeleteDiscarded(blob.Name);
            return false;
        }
    }

    private bool TryRewrite(string blob, ETag tag, byte[] line) =>
        files.Read(blob, tag) is { } content
        && files.TryReplace(blob, [.. content.AsSpan(0, content.AsSpan().LastIndexOf((byte)'\n') + 1), .. line], tag);

    private static bool EndsWithLine(AppendBlobClient blob, long length) => length == 0 || Range(blob, length - 1, 1) is [(byte)'\n'];

    /// <summary>Bytes of a blob; fewer, where it is shorter or not there.</summary>
    private static byte[] Range(AppendBlobClient blob, long start, long length)
    {
        try
        {
            return blob.DownloadContent(new BlobDownloadOptions { Range = new(start, length) }).Value.Content.ToArray();
        }
        catch (RequestFailedException fault) when (fault.Status is 404 or 416)
        {
            return [];
        }
    }
}
