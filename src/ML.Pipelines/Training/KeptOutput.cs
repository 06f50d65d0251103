using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ML.Pipelines.Runs.Stores;

namespace ML.Pipelines.Training;

/// <summary>Runs commands whose outputs are kept: one of the same command, data and settings is made once.</summary>
/// <remarks>
/// An output gets its name by a rename after its command ended with exit code 0 and what it wrote was flushed to disk. Attempts write to
/// names of their own, because a command may outlive this process where that is killed.
/// </remarks>
/// <param name="folder">Where outputs, data and logs lie; made where it is not there.</param>
/// <param name="dataFolder">Where data files lie instead; null: beside the outputs.</param>
/// <param name="notice">Called with what a person should know; may be null.</param>
internal sealed class KeptOutput(string folder, string? dataFolder, Action<string>? notice)
{
    /// <summary>Part of every key: to be raised when data files get another form.</summary>
    private const string Version = "1";

    private const int KeyCharacters = 32;
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(200);

    private static readonly EnumerationOptions NoLinks =
        new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    private readonly string _folder = Path.GetFullPath(folder);
    private readonly LocalRunStore _store = new(Path.GetFullPath(folder));

    /// <summary>A path as a key holds it: what lies in the folder goes by its name there, so that the folder may be moved.</summary>
    public string Portable(string path) => Path.IsPathFullyQualified(path) && Path.GetRelativePath(_folder, path) is var name
        && !name.StartsWith("..", StringComparison.Ordinal) ? name : path;

    /// <summary>Finds an output, or runs the command for it.</summary>
    /// <param name="work">The command.</param>
    /// <param name="check">Throws where what the command wrote, at the path that it is given, is not what is wanted.</param>
    /// <param name="cancellationToken">Kills the command.</param>
    /// <returns>The output's path.</returns>
    public async Task<string> GetOrRunAsync(CommandWork work, Action<string, string> check, CancellationToken cancellationToken)
    {
        var name = $"{work.Name}-{Key(work)}";
        var output = Path.Combine(_folder, name, work.OutputName);
        if (Path.Exists(output)) return output;
        using var locked = await LockAsync(name, cancellationToken).ConfigureAwait(false);
        if (Path.Exists(output)) return output;
        await RunAsync(work, name, output, check, cancellationToken).ConfigureAwait(false);
        return output;
    }

    private async Task RunAsync(
        CommandWork work, string name, string output, Action<string, string> check, CancellationToken cancellationToken)
    {
        var log = Path.Combine(_folder, name, work.Name + ".log");
        var data = WriteData(work, name);
        foreach (var leftover in Directory.GetFileSystemEntries(Path.Combine(_folder, name), work.OutputName + ".partial-*")
                     .Concat(Directory.GetFiles(Path.GetDirectoryName(data)!, Path.GetFileName(data) + ".*.tmp")))
            Remove(leftover);
        var partial = $"{output}.partial-{Path.GetRandomFileName()}";
        try
        {
            if (work.OutputIsFolder) Directory.CreateDirectory(partial);
            notice?.Invoke($"{work.Command.Option}: {name} is being made; its output goes to {log}");
            var values = new Dictionary<string, string>(work.Values) { [CommandLine.Data] = data, [CommandLine.Out] = partial };
            await ExternalProcess.RunAsync(work.Command.With(values), work.Command.Option, log, cancellationToken).ConfigureAwait(false);
            check(partial, log);
            Keep(partial, output);
        }
        catch
        {
            Remove(partial);
            throw;
        }
    }

    private string WriteData(CommandWork work, string name)
    {
        var store = dataFolder is null ? _store : new LocalRunStore(Path.GetFullPath(dataFolder));
        var file = dataFolder is null ? $"{name}/data.jsonl" : $"{name}.jsonl";
        store.Replace(file, work.Data);
        return store.Describe(file);
    }

    private async Task<IRunLock> LockAsync(string name, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_store.TryLock($"{name}/lock") is { } held) return held;
            await Task.Delay(LockPause, cancellationToken).ConfigureAwait(false);
        }
    }

    private string Key(CommandWork work)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, Encoding.UTF8.GetBytes($"{Version} {work.Name} {work.Command.Parts.Count}"));
        foreach (var part in work.Command.Parts) Append(hash, Encoding.UTF8.GetBytes(part));
        foreach (var (name, value) in work.Values.OrderBy(value => value.Key, StringComparer.Ordinal))
            Append(hash, Encoding.UTF8.GetBytes($"{name}={Portable(value)}"));
        Append(hash, work.Data);
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..KeyCharacters];
    }

    // With its length, so that where one part ends and the next begins counts.
    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }

    private static void Keep(string partial, string output)
    {
        if (Directory.Exists(partial))
            foreach (var entry in Directory.EnumerateFileSystemEntries(partial, "*", NoLinks)) FolderSync.Flush(entry);
        FolderSync.Flush(partial);
        Directory.Move(partial, output);
        FolderSync.Flush(Path.GetDirectoryName(output)!);
    }

    // What a killed command still writes may be in the way; it has no final name, and the next attempt removes it.
    private static void Remove(string path)
    {
        try
        {
            if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
            else File.Delete(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
        }
    }
}

/// <summary>A command to run, and all that its output depends on.</summary>
/// <param name="Name">What it does, in names of files.</param>
/// <param name="Command">The command.</param>
/// <param name="Values">What its names stand for, but for data and output.</param>
/// <param name="Data">The data file's bytes.</param>
/// <param name="OutputName">The output's file name.</param>
/// <param name="OutputIsFolder">Whether the output is a folder, which is there before the command starts.</param>
internal sealed record CommandWork(
    string Name, CommandLine Command, IReadOnlyDictionary<string, string> Values, byte[] Data, string OutputName, bool OutputIsFolder);
