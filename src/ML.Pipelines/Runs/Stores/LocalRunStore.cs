using ML.Pipelines.Runs.Journals;

namespace ML.Pipelines.Runs.Stores;

/// <summary>A run in a folder. What is written gets its name by a rename after it was flushed to disk.</summary>
public sealed class LocalRunStore : IRunStore
{
    private const string TemporarySuffix = ".tmp";
    private const string JournalSuffix = ".sqlite";

    /// <summary>A store in a folder, which is made with its first file.</summary>
    public LocalRunStore(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Location = folder;
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <summary>Is told of each step with the name it is about, before and after: tests stop the process there.</summary>
    internal Action<string, string>? Reached { get; init; }

    /// <inheritdoc/>
    public string Describe(string name) => Path.Combine(Location, name.Replace('/', Path.DirectorySeparatorChar));

    /// <inheritdoc/>
    public long? Length(string name) => new FileInfo(Describe(name)) is { Exists: true } file ? file.Length : null;

    /// <inheritdoc/>
    public IEnumerable<StoredFile> List(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        return All(prefix).Where(file => file.Name.StartsWith(prefix, StringComparison.Ordinal) && !IsTemporary(file.Name));
    }

    /// <inheritdoc/>
    public byte[]? Read(string name)
    {
        try
        {
            // A run may be appending at the same time.
            using var stream = new FileStream(Describe(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var content = new MemoryStream();
            stream.CopyTo(content);
            return content.ToArray();
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public bool TryCreate(string name, ReadOnlySpan<byte> content)
    {
        if (File.Exists(Describe(name))) return false;
        var temporary = WriteTemporary(name, content);
        var isNew = false;
        Step("rename", name, temporary, file => isNew = ExclusiveRename.TryMove(file, Describe(name)));
        if (isNew) FolderSync.Flush(Path.GetDirectoryName(Describe(name))!);
        else File.Delete(temporary);
        return isNew;
    }

    /// <inheritdoc/>
    public void Replace(string name, ReadOnlySpan<byte> content) => Rename(WriteTemporary(name, content), name);

    /// <inheritdoc/>
    public void Append(string name, ReadOnlySpan<byte> line)
    {
        var path = MakeFolder(Describe(name));
        var isNew = !File.Exists(path);
        using (var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read))
        {
            stream.SetLength(LengthOfLines(stream));
            stream.Seek(0, SeekOrigin.End);
            Step("append", name, line, stream.Write);
            Step("flush", name, stream, file => file.Flush(flushToDisk: true));
        }
        if (isNew) FolderSync.Flush(Path.GetDirectoryName(path)!);
    }

    /// <inheritdoc/>
    public string Stage(string name) => MakeFolder(Describe(name)) + TemporarySuffix;

    /// <inheritdoc/>
    public void Commit(string name)
    {
        using (var stream = new FileStream(Stage(name), FileMode.Open, FileAccess.ReadWrite))
            Step("flush", name, stream, file => file.Flush(flushToDisk: true));
        Rename(Stage(name), name);
    }

    /// <inheritdoc/>
    public string Fetch(string name) => File.Exists(Describe(name)) ? Describe(name)
        : throw new PipelineException(ErrorCode.FileNotFound, $"'{Describe(name)}' is not there.");

    /// <inheritdoc/>
    public void Delete(string name)
    {
        if (File.Exists(Describe(name))) Step("delete", name, Describe(name), File.Delete);
    }

    /// <inheritdoc/>
    public IReadOnlyList<StoredFile> Leftovers() => [.. All("").Where(file => IsTemporary(file.Name))];

    /// <inheritdoc/>
    public IRunLock? TryLock(string name)
    {
        try
        {
            return new FileLock(new FileStream(MakeFolder(Describe(name)), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (File.Exists(Describe(name)))
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public IReplyJournal OpenJournal(string name) => new SqliteJournal(MakeFolder(Describe(name) + JournalSuffix));

    /// <inheritdoc/>
    public void DeleteJournal(string name)
    {
        foreach (var file in SqliteJournal.FileNames(name + JournalSuffix)) Delete(file);
    }

    private string WriteTemporary(string name, ReadOnlySpan<byte> content)
    {
        // Of its own, because two processes may write the same name at once.
        var temporary = $"{MakeFolder(Describe(name))}.{Path.GetRandomFileName()}{TemporarySuffix}";
        using var stream = File.Create(temporary);
        Step("write", name, content, stream.Write);
        Step("flush", name, stream, file => file.Flush(flushToDisk: true));
        return temporary;
    }

    private void Rename(string temporary, string name)
    {
        Step("rename", name, temporary, file => File.Move(file, Describe(name), overwrite: true));
        FolderSync.Flush(Path.GetDirectoryName(Describe(name))!);
    }

    private delegate void StepAction<T>(T value) where T : allows ref struct;

    private void Step<T>(string step, string name, T value, StepAction<T> action) where T : allows ref struct
    {
        Reached?.Invoke("before " + step, name);
        action(value);
        Reached?.Invoke("after " + step, name);
    }

    private IEnumerable<StoredFile> All(string prefix)
    {
        var parent = prefix[..(prefix.LastIndexOf('/') + 1)];
        return Directory.Exists(Describe(parent)) ? Below(new DirectoryInfo(Describe(parent)), parent) : [];
    }

    // A folder sorts as its files' names do, so the names come in order without all being known.
    private static IEnumerable<StoredFile> Below(DirectoryInfo folder, string prefix) =>
        folder.EnumerateFileSystemInfos().Where(entry => prefix.Length > 0 || entry.Name != RunFolder.TrainingsFolder).Select(entry => (Name: prefix + entry.Name + (entry is DirectoryInfo ? "/" : ""), Entry: entry))
            .OrderBy(entry => entry.Name, StringComparer.Ordinal)
            .SelectMany(entry => entry.Entry is DirectoryInfo inner ? Below(inner, entry.Name) : Found(entry.Name, (FileInfo)entry.Entry));

    // A file that others renamed or deleted since its folder was read is none.
    private static IEnumerable<StoredFile> Found(string name, FileInfo file) => file.Exists ? [new StoredFile(name, file.Length)] : [];

    private static bool IsTemporary(string name) => name.EndsWith(TemporarySuffix, StringComparison.Ordinal);

    private static string MakeFolder(string path)
    {
        MakeDurable(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return path;
    }

    // A file lasts over a power cut only if each new folder on the way to it does.
    private static void MakeDurable(string folder)
    {
        if (Directory.Exists(folder)) return;
        var parent = Path.GetDirectoryName(folder);
        if (parent is not null) MakeDurable(parent);
        Directory.CreateDirectory(folder);
        if (parent is not null) FolderSync.Flush(parent);
    }

    private static long LengthOfLines(FileStream stream)
    {
        for (var length = stream.Length; length > 0; length--)
        {
            stream.Position = length - 1;
            if (stream.ReadByte() == '\n') return length;
        }
        return 0;
    }

    /// <summary>Its file stays when it goes: were it removed, one process could hold the removed file and another lock a new one.</summary>
    private sealed class FileLock(FileStream file) : IRunLock
    {
        public CancellationToken Lost => CancellationToken.None;

        public void Dispose() => file.Dispose();
    }
}
