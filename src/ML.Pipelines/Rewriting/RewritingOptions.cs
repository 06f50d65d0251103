namespace ML.Pipelines.Rewriting;

/// <summary>Options of <c>RewriteByDifficulty</c>.</summary>
public sealed record RewritingOptions : TeacherShorteningOptions
{
    /// <summary>2,048 characters: the target of the released prompts of 2025-03-09 and 2025-03-22 (SmallDoges/small-thoughts).</summary>
    public const int DefaultMaxSolutionLength = 2048;

    /// <summary>The column of levels (text: simple, moderate, hard). Where it is there, the reply must have its level's frame; where it is
    /// not, the frame of any level, and the level is the teacher's choice.</summary>
    public string DifficultyColumn { get; init; } = "difficulty";

    /// <summary>Whether the reply has thought and solution between tags (the released prompts of 2025-03-22) instead of a heading before
    /// the solution.</summary>
    public bool Tags { get; init; }

    /// <summary>The most characters (UTF-16) of the solution of a simple question.</summary>
    public int MaxSimpleSolution { get; init; } = DefaultMaxSolutionLength;

    /// <summary>The most characters (UTF-16) of the solution of a moderate question.</summary>
    public int MaxModerateSolution { get; init; } = DefaultMaxSolutionLength;

    /// <summary>The most characters (UTF-16) of the solution of a hard question.</summary>
    public int MaxHardSolution { get; init; } = DefaultMaxSolutionLength;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Prompt.Require(RewritingMethod.Known);
        if (Math.Min(MaxSimpleSolution, Math.Min(MaxModerateSolution, MaxHardSolution)) < 1) throw Invalid("a maximum solution length must be 1 or more");
    }

    internal int MaxSolutionLength(Difficulty level) => level switch
    {
        Difficulty.Simple => MaxSimpleSolution,
        Difficulty.Moderate => MaxModerateSolution,
        _ => MaxHardSolution,
    };
}
