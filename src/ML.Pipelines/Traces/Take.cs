using ML.Pipelines.Rewriting;
using ML.Pipelines.Text;

namespace ML.Pipelines.Traces;

/// <summary>What is taken out of a text.</summary>
internal sealed class Take
{
    private readonly Func<string, string?> _of;

    private Take(string name, Func<string, string?> of)
    {
        Name = name;
        _of = of;
    }

    /// <summary>The chain of thought between its tags; the whole text where there are none.</summary>
    public static Take Thought { get; } = new("thought", text => ThoughtBlock.In(text).Thought.In(text).ToString());

    /// <summary>The chain of thought in the frame of a difficulty: between its tags, or where there are none before the solution's
    /// heading.</summary>
    public static Take FramedThought { get; } = new("framed-thought", BeforeSolution);

    /// <summary>What follows the chain of thought, without solution tags; null where no chain ends.</summary>
    public static Take Solution { get; } = new("solution", text => ThoughtBlock.In(text).Solution?.In(text).ToString());

    /// <summary>The lines before the last line <c>#### N</c>; the whole text where there is none.</summary>
    public static Take BeforeHashes { get; } = new("before-hashes", HashLine.Before);

    /// <summary>N of the last line <c>#### N</c>, without thousands separators; null where there is none.</summary>
    public static Take AfterHashes { get; } = new("after-hashes", HashLine.After);

    /// <summary>The final answer that the text states; a short text of one line is its own answer.</summary>
    public static Take Answer { get; } = new("answer", StatedAnswer);

    /// <summary>All takes that change a text, by name.</summary>
    public static string Names => string.Join(", ", All.Select(take => take.Name));

    /// <summary>The take's name in an expression.</summary>
    public string Name { get; }

    private static Take[] All => [Thought, FramedThought, Solution, BeforeHashes, AfterHashes, Answer];

    /// <summary>The take with a name, or null.</summary>
    public static Take? Find(string name) => Array.Find(All, take => take.Name == name);

    /// <summary>Applies the take.</summary>
    public string? Of(string text) => _of(text);

    private static string BeforeSolution(string text)
    {
        var block = ThoughtBlock.In(text);
        return block.Thought.Length == text.Length && DifficultyFrame.FindSolution(text) is { } solution
            ? text[..solution.Heading].TrimEnd()
            : block.Thought.In(text).ToString();
    }

    private static string? StatedAnswer(string text) => AnswerExtractor.Extract(text) ?? OwnAnswer(text.Trim());

    private static string? OwnAnswer(string line) => line.Length is > 0 and <= 100 && !line.Contains('\n') ? line : null;
}
