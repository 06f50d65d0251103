using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using ML.Pipelines.Runs.Stores;

namespace ML.Pipelines.Azure;

/// <summary>
/// A lease on a small blob, renewed when a third of it is over. It ends by itself when its holder died, and the next one takes it.
/// </summary>
/// <remarks>The time is counted from before a request was sent, so the holder never takes it for longer than the service does.</remarks>
internal sealed class BlobLock : IRunLock
{
    private static readonly TimeSpan ReleaseTimeout = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly BlobLeaseClient _lease;
    private readonly TimeSpan _duration;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _lost, _released = new();
    private bool _isOver;

    private BlobLock(BlobLeaseClient lease, TimeSpan duration, TimeProvider time, long start)
    {
        (_lease, _duration, _time) = (lease, duration, time);
        _lost = new(Timeout.InfiniteTimeSpan, time);
        Lost = _lost.Token;
        Extend(start);
        _ = RenewAsync();
    }

    /// <inheritdoc/>
    public CancellationToken Lost { get; }

    /// <summary>Takes a lock; its blob is made where it is not there.</summary>
    /// <param name="blob">The blob, by a client that waits for the service.</param>
    /// <param name="renewed">The blob, by a client that gives a request up in time to make another while the lease holds.</param>
    /// <param name="duration">How long a lease holds.</param>
    /// <param name="time">The clock and its timers.</param>
    /// <returns>Null where another holds it.</returns>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Output"/>: the blob is deleted again and again, or every answer takes a
    /// third of a lease.</exception>
    public static BlobLock? TryTake(BlobClient blob, BlobClient renewed, TimeSpan duration, TimeProvider time)
    {
        // Taking a lease again by the same id renews it, so a request whose answer was lost is made again without harm.
        var lease = blob.GetBlobLeaseClient();
        for (var round = 0; round < BlobFiles.MostRounds; round++)
        {
            var start = time.GetTimestamp();
            try
            {
                lease.Acquire(duration);
                if (time.GetElapsedTime(start) < duration / 3) return new(renewed.GetBlobLeaseClient(lease.LeaseId), duration, time, start);
            }
            catch (RequestFailedException fault) when (fault.ErrorCode == BlobErrorCode.BlobNotFound)
            {
                Make(blob);
            }
            catch (RequestFailedException fault) when (fault.Status == 409)
            {
                return null;
            }
        }
        throw BlobFiles.Contended(blob);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isOver) return;
            _isOver = true;
            _lost.CancelAfter(Timeout.InfiniteTimeSpan);
        }
        _released.Cancel();
        if (!Lost.IsCancellationRequested) Release();
    }

    private static void Make(BlobClient blob)
    {
        try
        {
            blob.Upload(BinaryData.Empty, new BlobUploadOptions { Conditions = new() { IfNoneMatch = ETag.All } });
        }
        catch (RequestFailedException fault) when (fault.Status is 409 or 412)
        {
            // Another made it, and perhaps holds it.
        }
    }

    private async Task RenewAsync()
    {
        using var timer = new PeriodicTimer(_duration / 3, _time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Lost, _released.Token);
        try
        {
            while (await timer.WaitForNextTickAsync(over.Token).ConfigureAwait(false))
                await RenewOnceAsync(over.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // Released, or lost.
        }
    }

    // While the service does not answer, the lease goes on until its time is over.
    private async Task RenewOnceAsync(CancellationToken over)
    {
        var start = _time.GetTimestamp();
        try
        {
            await _lease.RenewAsync(cancellationToken: over).ConfigureAwait(false);
            Extend(start);
        }
        catch (RequestFailedException fault) when (fault.Status is 404 or 409 or 412)
        {
            await _lost.CancelAsync().ConfigureAwait(false);
        }
        catch (Exception fault) when (AzureFault.IsOne(fault))
        {
            over.ThrowIfCancellationRequested();
        }
    }

    private void Extend(long start)
    {
        lock (_gate)
        {
            var left = _duration - _time.GetElapsedTime(start);
            if (!_isOver) _lost.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }
    }

    private void Release()
    {
        using var timeout = new CancellationTokenSource(ReleaseTimeout);
        try
        {
            _lease.Release(cancellationToken: timeout.Token);
        }
        catch (Exception fault) when (AzureFault.IsOne(fault))
        {
            // It ends by itself then.
        }
    }
}
