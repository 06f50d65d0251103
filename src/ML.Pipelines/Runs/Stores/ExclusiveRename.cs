using System.Runtime.InteropServices;

namespace ML.Pipelines.Runs.Stores;

/// <summary>A rename that one of several processes wins. .NET's own looks first whether the name is free: two may find it so.</summary>
internal static partial class ExclusiveRename
{
    private const int AlreadyExists = 17;

    /// <summary>Renames a file to a name that nothing has.</summary>
    /// <returns>Whether it has the name now; false: another file has it, and this one is where it was.</returns>
    /// <remarks>Without hard links (FAT, some network shares) two processes may both win: the last one's file stays.</remarks>
    public static bool TryMove(string from, string to)
    {
        if (!OperatingSystem.IsWindows())
        {
            if (Link(from, to) == 0)
            {
                File.Delete(from);
                return true;
            }
            if (Marshal.GetLastPInvokeError() == AlreadyExists) return false;
        }
        try
        {
            File.Move(from, to, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(to))
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Link(string from, string to);
}
