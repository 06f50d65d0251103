using ML.Pipelines.Runs.Journals;

namespace ML.Pipelines.Runs.Stores;

/// <summary>Where a run's files lie: a folder or a blob container.</summary>
/// <remarks>
/// <para>Names are relative, with <c>/</c> between parts. Nothing at a name is ever partial, whatever is killed when.</para>
/// <para>All members may be called from several threads and processes at once; the exceptions are named at the members.</para>
/// </remarks>
public interface IRunStore
{
    /// <summary>The store as people name it: a folder's path, or <c>azure://account/container/prefix</c>. Holds no secret.</summary>
    string Location { get; }

    /// <summary>How a name is told to people: a path or an address.</summary>
    string Describe(string name);

    /// <summary>The size of a file in bytes; null where there is none.</summary>
    long? Length(string name);

    /// <summary>The files whose names start with a prefix, in ordinal order, found as they are asked for; without what is being written.</summary>
    IEnumerable<StoredFile> List(string prefix);

    /// <summary>Reads a small file whole; null where there is none.</summary>
    byte[]? Read(string name);

    /// <summary>Writes a small file unless there is one, flushed.</summary>
    /// <returns>Whether it was written; false: there is one already, and it stays as it is.</returns>
    bool TryCreate(string name, ReadOnlySpan<byte> content);

    /// <summary>Writes a small file whole, flushed, in place of one that may be there.</summary>
    void Replace(string name, ReadOnlySpan<byte> content);

    /// <summary>Appends a line to a file, made where it is not there; on disk when this returns. One writer at a time.</summary>
    /// <param name="name">The file.</param>
    /// <param name="line">The line with its line end. What follows the file's last line end is of a writer that died, and goes.</param>
    void Append(string name, ReadOnlySpan<byte> line);

    /// <summary>A local path to write a large file to, before <see cref="Commit"/> makes it the file of a name.</summary>
    string Stage(string name);

    /// <summary>Gives what was written to <see cref="Stage"/>'s path its name, in place of a file that may be there; it is on disk then.</summary>
    void Commit(string name);

    /// <summary>A local path to read a file from.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.FileNotFound"/>: there is none.</exception>
    string Fetch(string name);

    /// <summary>Removes a file, if it is there.</summary>
    void Delete(string name);

    /// <summary>Files that writers which died left behind, as names for <see cref="Delete"/>; only while no writer works.</summary>
    IReadOnlyList<StoredFile> Leftovers();

    /// <summary>Keeps others from what a name stands for until disposed; a holder that died holds nothing, at once or after a while.</summary>
    /// <returns>Null where another holds it.</returns>
    IRunLock? TryLock(string name);

    /// <summary>Opens a journal, made where there is none. One writer at a time.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.DamagedFile"/>: it is damaged beyond its last record.</exception>
    IReplyJournal OpenJournal(string name);

    /// <summary>Removes a journal with all its files, if it is there.</summary>
    void DeleteJournal(string name);
}

/// <summary>A file in a store.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Its size.</param>
public sealed record StoredFile(string Name, long Bytes);

/// <summary>A lock that is held until disposed.</summary>
public interface IRunLock : IDisposable
{
    /// <summary>Cancelled when the lock is lost, because the store could not be reached for too long: stop writing at once.</summary>
    CancellationToken Lost { get; }
}
