namespace ML.Pipelines.Rewriting;

/// <summary>Difficulty-aware rewriting: the chain in the section frame of its level, then the solution (DAP: LiteCoT, arXiv 2505.19716).</summary>
internal sealed class RewritingMethod(RewritingOptions options) : IShorteningMethod
{
    public const string StageName = "rewrite";
    public const string WrongFrame = "wrong-frame", WrongTags = "wrong-tags", NoSolution = "no-solution", SolutionTooLong = "solution-too-long";

    private static readonly string[] Tags =
        ["<|begin_of_thought|>", "<|end_of_thought|>", "<|begin_of_solution|>", "<|end_of_solution|>"];

    public string Name => StageName;

    /// <summary>What prompts may ask for.</summary>
    public static IReadOnlyList<string> Known { get; } = ["question", "reasoning", "answer", "level", "frame"];

    public IReadOnlyDictionary<string, string> Values(ChainRow row, string answer, double? rate)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["question"] = row.Question,
            ["reasoning"] = row.Reasoning,
            ["answer"] = answer,
        };
        if (row.Difficulty is not { } level) return values;
        values["level"] = DifficultyFrame.NameOf(level);
        values["frame"] = DifficultyFrame.Of(level).Text;
        return values;
    }

    public (ShortChain? Chain, (string Verdict, string Feedback)? Fault) Read(ChainRow row, string reply)
    {
        var text = reply.ReplaceLineEndings("\n").Replace("  \n", "\n", StringComparison.Ordinal).Trim();
        var (thought, solution, fault) = options.Tags ? Tagged(text) : Headed(text);
        if (fault is not null) return (null, fault);
        if (DifficultyFrame.Find(thought) is not { } frame || (row.Difficulty is { } level && level != frame.Level))
        {
            var wanted = row.Difficulty is { } asked ? $"the headings {string.Join(", ", DifficultyFrame.Of(asked).Headings)}" : "the headings of one level";
            return (null, (WrongFrame, $"It must have {wanted}, each once, in this order, in bold and with a colon at the start of a line."));
        }
        var most = options.MaxSolutionLength(frame.Level);
        if (solution.Length > most) return (null, (SolutionTooLong, $"Its solution has {solution.Length} characters; at most {most} are allowed."));
        return (new(thought, solution, frame.Level), null);
    }

    // In between nothing may stand, and no tag twice: a nested one would put a thought into the solution.
    private static (string Thought, string Solution, (string, string)? Fault) Tagged(string text)
    {
        int[] places = [.. Tags.Select(tag => text.IndexOf(tag, StringComparison.Ordinal))];
        var once = Tags.All(tag => text.IndexOf(tag, StringComparison.Ordinal) == text.LastIndexOf(tag, StringComparison.Ordinal));
        if (!once || places[0] != 0 || !places.SequenceEqual(places.Order()) || places[^1] + Tags[^1].Length != text.Length
            || text[(places[1] + Tags[1].Length)..places[2]].Trim().Length > 0)
            return ("", "", (WrongTags, $"It must be {Tags[0]} the thought {Tags[1]} {Tags[2]} the solution {Tags[3]}, each tag once and nothing around them."));
        var thought = text[Tags[0].Length..places[1]].Trim();
        var solution = text[(places[2] + Tags[2].Length)..places[3]].Trim();
        return solution.Length == 0 ? ("", "", Missing) : (thought, solution, null);
    }

    private static (string Thought, string Solution, (string, string)? Fault) Headed(string text)
    {
        if (DifficultyFrame.FindSolution(text) is not { } place) return ("", "", Missing);
        var (thought, solution) = (text[..place.Heading].Trim(), text[place.Text..].Trim());
        return solution.Length == 0 ? ("", "", Missing) : (thought, solution, null);
    }

    private static (string, string) Missing => (NoSolution, "It has no solution: after the frame must come **Solution:** and the solution.");
}
