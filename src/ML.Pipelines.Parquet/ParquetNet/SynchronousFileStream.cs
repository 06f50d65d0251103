namespace ML.Pipelines.Parquet.ParquetNet;

/// <summary>
/// A file whose asynchronous calls are done when they return. Parquet.Net has no other calls; over this stream its tasks are complete
/// at once, so that waiting for them blocks no pool thread and cannot deadlock.
/// </summary>
internal sealed class SynchronousFileStream(string path, FileMode mode, FileAccess access)
    : FileStream(path, mode, access, FileShare.Read, bufferSize: 1 << 16)
{
    // Parquet.Net takes the -1 of the end for a byte, and reads on for ever.
    public override int ReadByte() =>
        base.ReadByte() is var value && value >= 0 ? value : throw new EndOfStreamException("it ends in a page header");

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Read(buffer, offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Write(buffer, offset, count);
        return Task.CompletedTask;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        Flush();
        return Task.CompletedTask;
    }
}
