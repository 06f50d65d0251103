using ML.Pipelines.Text;

namespace ML.Pipelines.Pruning;

/// <summary>The names of categories and decisions in files: one table.</summary>
public static class StepNames
{
    private static readonly string[] Categories = ["progressive", "verification", "multi-method-validation", "error-correction"];
    private static readonly string[] Decisions = ["kept", "removed", "guarded", "unscored"];

    /// <summary>The category's name.</summary>
    public static string Of(StepCategory category) => Categories[(int)category];

    /// <summary>The decision's name.</summary>
    public static string Of(StepDecision decision) => Decisions[(int)decision];

    /// <summary>The category of a name.</summary>
    /// <exception cref="FormatException">No such category.</exception>
    public static StepCategory Category(string name) => (StepCategory)Find(Categories, name);

    /// <summary>The decision of a name.</summary>
    /// <exception cref="FormatException">No such decision.</exception>
    public static StepDecision Decision(string name) => (StepDecision)Find(Decisions, name);

    private static int Find(string[] names, string name) =>
        Array.IndexOf(names, name) is >= 0 and var index ? index : throw new FormatException($"'{name}' is none of {string.Join(", ", names)}.");
}
