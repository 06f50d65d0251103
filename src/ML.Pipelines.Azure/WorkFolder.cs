using System.Security.Cryptography;
using System.Text;

namespace ML.Pipelines.Azure;

/// <summary>A folder for staged and fetched files that only this user can read, made with its first file, removed when disposed.</summary>
/// <remarks>Its lock file is open as long as its process lives: folders of processes that died are removed by the next one.</remarks>
internal sealed class WorkFolder(string? parent) : IDisposable
{
    private const string Prefix = "mlpipe-azure-", LockName = "lock";

    private readonly Lock _gate = new();
    private readonly string _parent = parent ?? Path.GetTempPath();
    private string? _path;
    private FileStream? _lock;

    /// <summary>The path for a file; its folder is made.</summary>
    /// <param name="use">What the file is for.</param>
    /// <param name="name">The file's name in the store; it may hold anything, so only its last part is seen in the path.</param>
    /// <param name="version">Tells versions of a file apart.</param>
    public string PathOf(string use, string name, string version = "")
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{name}\0{version}")));
        var folder = Path.Combine(Open(), use, hash[..24]);
        Directory.CreateDirectory(folder);
        var file = string.Join('_', name[(name.LastIndexOf('/') + 1)..].Split(Path.GetInvalidFileNameChars()));
        return Path.Combine(folder, file is "" or "." or ".." ? "file" : file);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_path is null) return;
            _lock!.Dispose();
            TryDelete(_path);
            _path = null;
        }
    }

    private string Open()
    {
        lock (_gate)
        {
            if (_path is not null) return _path;
            RemoveAbandoned();
            var path = Path.Combine(_parent, Prefix + Path.GetRandomFileName());
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
            else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            _lock = new(Path.Combine(path, LockName), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
            return _path = path;
        }
    }

    // A folder without a lock file is one that is being made.
    private void RemoveAbandoned()
    {
        if (!Directory.Exists(_parent)) return;
        foreach (var folder in Directory.GetDirectories(_parent, Prefix + "*").Where(IsAbandoned)) TryDelete(folder);
    }

    // A lock file that is a day old was locked long since; one that is new may be open and not locked yet. One from a day to come is of a
    // clock that was set back since: it would stay for as long as the clock had been ahead.
    private static bool IsAbandoned(string folder)
    {
        var file = new FileInfo(Path.Combine(folder, LockName));
        try
        {
            if (!file.Exists || (DateTime.UtcNow - file.LastWriteTimeUtc).Duration() < TimeSpan.FromDays(1)) return false;
            using var free = new FileStream(file.FullName, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // A reader may have a file open still, on Windows; the folder is removed a day later.
        }
    }
}
