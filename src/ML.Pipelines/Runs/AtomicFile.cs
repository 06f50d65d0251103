namespace ML.Pipelines.Runs;

/// <summary>Files that are whole or not there: written under a temporary name, flushed to disk, then renamed.</summary>
internal static class AtomicFile
{
    /// <summary>What temporary names end with.</summary>
    public const string TemporarySuffix = ".tmp";

    public static void Write(string path, Action<Stream> write)
    {
        var temporary = path + TemporarySuffix;
        using (var stream = File.Create(temporary))
        {
            write(stream);
            stream.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
    }
}
