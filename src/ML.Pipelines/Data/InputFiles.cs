using Microsoft.Extensions.FileSystemGlobbing;

namespace ML.Pipelines.Data;

/// <summary>Turns paths and globs into an ordered list of files.</summary>
public static class InputFiles
{
    /// <summary>
    /// The files of all patterns: patterns in the given order, each one's matches in ordinal order of their paths, no file twice
    /// however its path is written.
    /// </summary>
    /// <param name="patterns">Paths of files, or globs with <c>*</c> and <c>**</c>.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.FileNotFound"/>: a pattern matches nothing.</exception>
    public static IReadOnlyList<string> Expand(IEnumerable<string> patterns)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        var files = patterns.SelectMany(Expand).DistinctBy(Path.GetFullPath, StringComparer.Ordinal).ToArray();
        return files.Length > 0
            ? files
            : throw new PipelineException(ErrorCode.FileNotFound, "No input file is named. Give a path or a glob such as data/*.jsonl.");
    }

    private static IReadOnlyList<string> Expand(string pattern)
    {
        if (File.Exists(pattern)) return [pattern];
        var matches = IsGlob(pattern) ? Match(pattern) : [];
        return matches.Count > 0
            ? matches
            : throw new PipelineException(ErrorCode.FileNotFound,
                $"No file matches '{pattern}' (looked from '{Environment.CurrentDirectory}'). Check the path; globs take * and **.");
    }

    private static bool IsGlob(string pattern) => pattern.Contains('*');

    private static List<string> Match(string pattern)
    {
        var (folder, glob) = Split(pattern.Replace('\\', '/'));
        if (!Directory.Exists(folder.Length == 0 ? "." : folder)) return [];
        var matcher = new Matcher(StringComparison.Ordinal).AddInclude(glob);
        return [.. matcher.GetResultsInFullPath(folder.Length == 0 ? "." : folder)
            .Select(path => Path.IsPathRooted(pattern) ? path : Path.GetRelativePath(".", path))
            .Order(StringComparer.Ordinal)];
    }

    // The part before the first segment with a wildcard is a folder.
    private static (string Folder, string Glob) Split(string pattern)
    {
        var wildcard = pattern.IndexOf('*');
        var slash = pattern.LastIndexOf('/', wildcard);
        return slash < 0 ? ("", pattern) : (pattern[..Math.Max(slash, 1)], pattern[(slash + 1)..]);
    }
}
