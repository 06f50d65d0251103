namespace ML.Pipelines.Pruning;

/// <summary>What pruning reads of a row.</summary>
/// <param name="Id">The row's id.</param>
/// <param name="Question">The question.</param>
/// <param name="Reasoning">The chain of thought.</param>
/// <param name="Answer">The gold answer, or null.</param>
/// <param name="Solution">The text after the chain, or null.</param>
/// <param name="Complete">False for a trace that was cut off.</param>
/// <param name="Steps">The steps of the chain.</param>
public sealed record PruningRow(
    string Id, string Question, string Reasoning, string? Answer, string? Solution, bool Complete, ReasoningStep[] Steps);

/// <summary>What pruning writes.</summary>
/// <param name="Reasoning">The kept steps' text: spans of the input, in order.</param>
/// <param name="Answer">The answer that was scored: gold, or else the trace's own; null where there is none.</param>
/// <param name="Steps">All steps with their decisions.</param>
public sealed record PrunedRow(string Reasoning, string? Answer, ReasoningStep[] Steps)
{
    /// <summary>Tokens of the chain before.</summary>
    public int TokensBefore => Steps.Sum(step => step.Tokens ?? 0);

    /// <summary>Tokens of the kept steps.</summary>
    public int TokensAfter => Steps.Sum(step => step.Decision == StepDecision.Removed ? 0 : step.Tokens ?? 0);

    /// <summary>Steps removed.</summary>
    public int StepsRemoved => Steps.Count(step => step.Decision == StepDecision.Removed);
}
