using System.Text.RegularExpressions;

namespace ML.Pipelines.Rewriting;

/// <summary>How hard a question is: the levels of difficulty-aware prompting (LiteCoT, arXiv 2505.19716).</summary>
public enum Difficulty
{
    /// <summary>One idea, a direct method.</summary>
    Simple = 0,

    /// <summary>Several steps; a first attempt may need correction.</summary>
    Moderate = 1,

    /// <summary>The question is divided into parts.</summary>
    Hard = 2,
}

/// <summary>The section frame of a level: its headings, and which of them a text has.</summary>
/// <remarks>The sections are those of the released prompts (SmallDoges/small-thoughts, three levels).</remarks>
public sealed partial class DifficultyFrame
{
    private const string SubProblem = "Sub-problem 1";

    private static readonly DifficultyFrame[] Frames =
    [
        new(Difficulty.Simple, ["Analysis", "Approach", "Summary"]),
        new(Difficulty.Moderate, ["Analysis", "Initial Approach", "Reflection", "Improvement", "Summary"]),
        new(Difficulty.Hard, ["Analysis", "Problem Decomposition", SubProblem, "Integration", "Overall Reflection", "Final Optimization", "Summary"]),
    ];

    private DifficultyFrame(Difficulty level, IReadOnlyList<string> headings) => (Level, Headings) = (level, headings);

    /// <summary>The level.</summary>
    public Difficulty Level { get; }

    /// <summary>The headings in order.</summary>
    public IReadOnlyList<string> Headings { get; }

    /// <summary>The frame as a prompt shows it.</summary>
    public string Text => string.Join('\n', Headings.Select(heading => $"**{heading}:** …"));

    /// <summary>The frame of a level.</summary>
    public static DifficultyFrame Of(Difficulty level) => Frames[(int)level];

    /// <summary>The frame that a text is written in: all its headings once and in order; null: none is.</summary>
    public static DifficultyFrame? Find(string text)
    {
        string[] headings = [.. Heading().Matches(text).Select(match => match.Groups[1].Value)];
        // From the most headings down: the simple frame's are few.
        return Frames.Reverse().FirstOrDefault(frame => frame.Headings.SequenceEqual(headings.Where(frame.Headings.Contains), StringComparer.Ordinal));
    }

    /// <summary>Reads a level's name; null: it is none.</summary>
    /// <param name="text">The name, in any case, perhaps in bold or with a full stop.</param>
    public static Difficulty? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var name = text.Trim(' ', '\n', '\r', '*', '.', '"', '\'');
        return Frames.FirstOrDefault(frame => string.Equals(NameOf(frame.Level), name, StringComparison.OrdinalIgnoreCase))?.Level;
    }

    /// <summary>A level's name in data, prompts and evidence.</summary>
    public static string NameOf(Difficulty level) => level.ToString().ToLowerInvariant();

    /// <summary>Where the solution's heading begins and its text begins; null: there is none.</summary>
    internal static (int Heading, int Text)? FindSolution(string text) => SolutionMark().Match(text) is { Success: true } mark
        ? (mark.Index, mark.Index + mark.Length)
        : null;

    [GeneratedRegex(@"^\*\*([A-Z][A-Za-z0-9 -]*?)(?::\*\*|\*\*:)", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\*\*Solution(?::\*\*|\*\*:)[ \t]*", RegexOptions.Multiline)]
    private static partial Regex SolutionMark();
}
