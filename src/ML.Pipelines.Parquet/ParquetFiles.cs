using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ML.Pipelines.Parquet;

/// <summary>What can be said about a file before a library reads it, so that both engines say it in the same words.</summary>
internal static class ParquetFiles
{
    // Magic, footer, length of the footer, magic.
    private const int SmallestLength = 12;
    private const string Magic = "PAR1";

    /// <exception cref="PipelineException"><see cref="ErrorCode.FileNotFound"/> or <see cref="ErrorCode.DamagedFile"/>.</exception>
    public static void Check(string path)
    {
        using var file = Open(path);
        var length = RandomAccess.GetLength(file);
        if (length == 0) throw Damaged(path, "it is empty");
        var start = Read(file, 0, 4);
        if (start == "PARE") throw Damaged(path, "it is encrypted");
        if (start != Magic) throw Damaged(path, "it is not a Parquet file, which starts with 'PAR1'");
        if (length < SmallestLength || Read(file, length - 4, 4) != Magic) throw Damaged(path, "it is cut off: the footer is missing");
        if (FooterLength(file, length) is var footer && (footer <= 0 || footer > length - SmallestLength))
            throw Damaged(path, $"its footer cannot be {footer} bytes long");
    }

    public static PipelineException Damaged(string path, string reason, Exception? cause = null) =>
        new(ErrorCode.DamagedFile, $"'{path}' cannot be read: {reason}. Fetch or write the file again.", cause);

    public static PipelineException Unwritable(string path, Exception cause) =>
        new(ErrorCode.Output, $"'{path}' cannot be written: " + (cause is OutOfMemoryException
            ? "the process has no memory left. Allow it more, or take smaller shards (in job files output.shardRows and output.shardBytes)."
            : $"{cause.Message} Check the folder, its permissions and the free space."), cause);

    /// <summary>Makes the system write a file's data to the disk.</summary>
    public static void FlushToDisk(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(file);
    }

    /// <summary>Renames a file over another.</summary>
    public static void Replace(string from, string to)
    {
        try
        {
            File.Move(from, to, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(to, exception);
        }
    }

    private static SafeFileHandle Open(string path)
    {
        try
        {
            return File.OpenHandle(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new PipelineException(ErrorCode.FileNotFound, $"'{path}' cannot be opened: {exception.Message}", exception);
        }
    }

    private static string Read(SafeFileHandle file, long offset, int count)
    {
        Span<byte> bytes = stackalloc byte[count];
        return Encoding.Latin1.GetString(bytes[..RandomAccess.Read(file, bytes, offset)]);
    }

    private static int FooterLength(SafeFileHandle file, long length)
    {
        Span<byte> bytes = stackalloc byte[4];
        RandomAccess.Read(file, bytes, length - 8);
        return BinaryPrimitives.ReadInt32LittleEndian(bytes);
    }
}
