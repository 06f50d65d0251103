using System.Text;

namespace ML.Pipelines.Lengthening;

/// <summary>The branches of Self-Lengthen, which check responses differently.</summary>
public enum ResponseLanguage
{
    /// <summary>The Llama branch: units are words between white space, windows of 10.</summary>
    English = 0,

    /// <summary>The Qwen branch: units are characters and runs of ASCII, windows of 13.</summary>
    Chinese = 1,
}

/// <summary>Why a response is not fit for training.</summary>
public enum ResponseFault
{
    /// <summary>It does not end with a closing mark: it was cut off, or is empty.</summary>
    OpenEnd = 0,

    /// <summary>A window of units stands in it twice.</summary>
    Repetition = 1,

    /// <summary>Its first or last lines speak about the text itself (English only).</summary>
    Remark = 2,
}

/// <summary>Self-Lengthen's rule-based filter of long responses (its <c>check_response</c>).</summary>
/// <remarks>
/// White space at the end does not count. Differences between the branches are the source's: the Chinese closing marks lack '.', '!' and
/// '?', so that English text fails there, and only the English branch looks for remarks such as "revised version".
/// </remarks>
public static class ResponseCheck
{
    private const string EnglishMarks = ".!?,;:-\"')]}>`";
    private const string ChineseMarks = "。！？”)]}>）】’…`";
    private const int EnglishWindow = 10, ChineseWindow = 13;
    private const int FirstLines = 2, LastLines = 3;
    private static readonly string[] Remarks = ["revised", "revision", "response", "version", "paragraph"];

    /// <summary>Whether a response may be kept.</summary>
    /// <param name="response">The response.</param>
    /// <param name="language">Which branch's rules.</param>
    public static bool Passes(string response, ResponseLanguage language) => FaultIn(response, language) is null;

    /// <summary>The first reason not to keep a response, in the order of <see cref="ResponseFault"/>; null where there is none.</summary>
    /// <param name="response">The response.</param>
    /// <param name="language">Which branch's rules.</param>
    public static ResponseFault? FaultIn(string response, ResponseLanguage language)
    {
        ArgumentNullException.ThrowIfNull(response);
        var isEnglish = language == ResponseLanguage.English;
        var text = response.TrimEnd();
        if (text.Length == 0 || !(isEnglish ? EnglishMarks : ChineseMarks).Contains(text[^1])) return ResponseFault.OpenEnd;
        var repeats = isEnglish ? Repeats(Words(text), EnglishWindow) : Repeats(Units(text), ChineseWindow);
        if (repeats) return ResponseFault.Repetition;
        return isEnglish && HasRemark(text) ? ResponseFault.Remark : null;
    }

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    // Each character beyond ASCII is a unit, and each run of ASCII between two such.
    private static List<string> Units(string text)
    {
        var units = new List<string>();
        var run = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii)
            {
                run.Append(rune);
                continue;
            }
            if (run.Length > 0) units.Add(run.ToString());
            run.Clear();
            units.Add(rune.ToString());
        }
        if (run.Length > 0) units.Add(run.ToString());
        return units;
    }

    private static bool Repeats(IReadOnlyList<string> units, int window)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var start = 0; start + window <= units.Count; start++)
            if (!seen.Add(string.Join('\0', units.Skip(start).Take(window)))) return true;
        return false;
    }

    private static bool HasRemark(string text)
    {
        var lines = text.Split('\n');
        return lines.Take(FirstLines).Concat(lines.TakeLast(LastLines))
            .Any(line => Array.Exists(Remarks, remark => line.Contains(remark, StringComparison.Ordinal)));
    }
}
