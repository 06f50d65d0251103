namespace ML.Pipelines.Cli.Jobs;

/// <summary>Finds the name that was meant.</summary>
internal static class Spelling
{
    /// <summary>A sentence for a message: the closest known name, or all of them.</summary>
    public static string Suggest(string name, IReadOnlyCollection<string> known) =>
        Closest(name, known) is { } meant ? $"Did you mean '{meant}'?"
        : known.Count == 0 ? "It has no options."
        : $"Known are {string.Join(", ", known)}.";

    private static string? Closest(string name, IEnumerable<string> known)
    {
        var (meant, edits) = known.Select(candidate => (candidate, Edits(name, candidate))).OrderBy(pair => pair.Item2).FirstOrDefault();
        return meant is not null && edits <= Math.Max(1, meant.Length / 3) ? meant : null;
    }

    // Levenshtein distance without regard to case, hyphens and underscores: max_row-bytes means maxRowBytes.
    private static int Edits(string name, string candidate)
    {
        var (a, b) = (Letters(name), Letters(candidate));
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
        }
        return row[^1];
    }

    private static string Letters(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
